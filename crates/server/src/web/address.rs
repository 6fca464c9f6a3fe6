//! An address of ours with its parameters, from which links to variants of a page are made.

use axum::http::Uri;
use url::form_urlencoded::{Serializer, parse};

/// A path and its parameters, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    path: String,
    parameters: Vec<(String, String)>,
}

impl Address {
    /// `/`, without parameters.
    pub(crate) fn root() -> Self {
        Self { path: "/".to_owned(), parameters: Vec::new() }
    }

    /// What a request asks for.
    pub(crate) fn of(uri: &Uri) -> Self {
        let parameters = parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        // Two slashes would make a link to another server.
        let path = format!("/{}", uri.path().trim_start_matches('/'));
        Self { path, parameters }
    }

    /// A parameter's first value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same address with one parameter set; an empty value takes it away.
    #[must_use]
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(name);
        if !value.is_empty() {
            changed.parameters.push((name.to_owned(), value.to_owned()));
        }
        changed
    }

    /// The same address without one parameter.
    #[must_use]
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut changed = self.clone();
        changed.parameters.retain(|(key, _)| key != name);
        changed
    }

    /// As it stands in a link.
    pub(crate) fn link(&self) -> String {
        if self.parameters.is_empty() {
            return self.path.clone();
        }
        let query = Serializer::new(String::new()).extend_pairs(&self.parameters).finish();
        format!("{}?{query}", self.path)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Uri;

    use super::Address;

    #[test]
    fn parameters_are_set_and_taken_away() {
        let address = Address::of(&Uri::from_static("/?kind=vm&by=disk"));
        assert_eq!(address.with("by", "cpu").link(), "/?kind=vm&by=cpu");
        assert_eq!(address.with("kind", "").link(), "/?by=disk");
        assert_eq!(address.without("kind").without("by").link(), "/");
    }

    #[test]
    fn what_comes_in_is_encoded_on_its_way_out() {
        let address = Address::of(&Uri::from_static("//evil.example/?a=%22%3E%3Cscript%3E"));
        assert_eq!(address.link(), "/evil.example/?a=%22%3E%3Cscript%3E");
    }
}
