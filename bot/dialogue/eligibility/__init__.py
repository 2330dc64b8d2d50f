"""The provisional eligibility check: what was said, what it means under the rules of the day, what is still missing."""
