//! How much of the score was measured: five marks, and the same in words.

use askama::Template;
use report::Component;

use super::words::Words;

/// Five marks in fixed order; hollow where nothing was measured.
#[derive(Clone, Debug, Template)]
#[template(path = "coverage.html")]
pub(crate) struct Coverage {
    label: String,
    measured: String,
    missing: String,
}

impl Coverage {
    /// From whether each component counts.
    pub(crate) fn new(words: &Words, counts: impl Fn(Component) -> bool) -> Self {
        let (mut measured, mut missing) = (String::new(), String::new());
        let mut lacking = Vec::new();
        for (index, component) in Component::ALL.into_iter().enumerate() {
            let x = index * 12;
            if counts(component) {
                measured.push_str(&format!("M{x} 0h10v4h-10z"));
            } else {
                missing.push_str(&format!("M{x}.5 .5h9v3h-9z"));
                lacking.push(component);
            }
        }
        Self { label: in_words(words, &lacking), measured, missing }
    }

    /// The sentence: `4 of 5: no graphics`.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }
}

fn in_words(words: &Words, lacking: &[Component]) -> String {
    let number = Component::ALL.len() - lacking.len();
    if lacking.is_empty() {
        return words.t("coverage-all");
    }
    let names: Vec<String> = lacking.iter().map(|component| words.t(&format!("no-{component}"))).collect();
    words.with("coverage-some", &[("n", (number as u64).into()), ("lacking", names.join(", ").into())])
}

#[cfg(test)]
mod tests {
    use askama::Template;
    use report::Component;

    use super::{Coverage, Words};
    use crate::web::language::Language;

    #[test]
    fn what_is_lacking_is_named() {
        let counts = |component| component != Component::Gpu && component != Component::Network;
        let english = Coverage::new(Words::of(Language::English), counts);
        assert_eq!(english.label(), "3 of 5: no network, no graphics");
        let french = Coverage::new(Words::of(Language::French), counts);
        assert_eq!(french.label(), "3 sur 5\u{202f}: pas de réseau, pas de graphique");
        insta::assert_snapshot!(english.render().unwrap());
    }

    #[test]
    fn all_five_need_no_list() {
        assert_eq!(Coverage::new(Words::of(Language::English), |_| true).label(), "All 5 components");
    }
}
