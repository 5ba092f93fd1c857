"""Safe Conduct: who could come in time, whose permission each of them needs, and what each permission is worth."""
