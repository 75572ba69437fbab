"""Derivatives of more than one number by more than one other."""

from course_lib.derivatives.directional import (
    Directional,
    hessian,
    hessian_vector_product,
    jacobian_vector_product,
)
from course_lib.derivatives.operation_counts import Counts, operation_counts
from course_lib.derivatives.reverse import jacobian, vector_jacobian_product

__all__ = [
    "Counts",
    "Directional",
    "hessian",
    "hessian_vector_product",
    "jacobian",
    "jacobian_vector_product",
    "operation_counts",
    "vector_jacobian_product",
]
