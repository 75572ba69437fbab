from course_lib.operations.fast_batch_norm import fast_batch_norm
from tests.course_lib.operations.tables import normalization

ROWS = normalization.batch_norm_rows(fast_batch_norm)
EXAMPLES = [normalization.example_with_statistics(fast_batch_norm)]
REFUSALS = [
    *normalization.refusals_of_channels(fast_batch_norm),
    *normalization.refusals_of_single_values(fast_batch_norm, [((1, 3, 1, 1), 1)]),
]
