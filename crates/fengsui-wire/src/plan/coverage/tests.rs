//! The join of rules, tests and clauses; registers good and bad.
