//! Scenario files, right and wrong.
