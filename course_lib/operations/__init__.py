"""Operations: plain functions that return their value and their own backward."""
