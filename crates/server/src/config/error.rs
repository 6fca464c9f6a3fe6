//! What a wrong setting gets: its name, what is wrong, the form, an example.

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {problem}. Expected: {form}. For example: {variable}={example}")]
pub struct ConfigError {
    variable: &'static str,
    problem: String,
    form: &'static str,
    example: &'static str,
}

impl ConfigError {
    /// Names the variable, what is wrong with it, what it should look like, and one value that works.
    pub fn new(
        variable: &'static str,
        problem: impl Into<String>,
        form: &'static str,
        example: &'static str,
    ) -> Self {
        Self { variable, problem: problem.into(), form, example }
    }
}
