"""nbgrader 0.9.6, made to go on where a submission is damaged, and to say what failed.

`nbgrader_config.py` calls `configure`, and every standard command then works as its
documentation says. What this package adds to them, one module each: damaged
submissions are refused with a reason (`submission`, `autograde`), a release that
somebody edited is kept (`generate`), feedback shows no hidden test (`outcome`,
`feedback`), and files from a learning platform find their students (`collect`).
"""
