//! The words of the pages, from `locales/`, in the visitor's language.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource, FluentValue};

use super::language::Language;

/// All messages of one language.
pub(crate) struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

const ENGLISH: &str = include_str!("../../locales/en.ftl");
const FRENCH: &str = include_str!("../../locales/fr.ftl");

static IN_ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::load(Language::English, ENGLISH));
static IN_FRENCH: LazyLock<Words> = LazyLock::new(|| Words::load(Language::French, FRENCH));

impl Words {
    /// The words of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &IN_ENGLISH,
            Language::French => &IN_FRENCH,
        }
    }

    fn load(language: Language, source: &str) -> Self {
        let resource =
            FluentResource::try_new(source.to_owned()).expect("the embedded words are well formed");
        let tag = language.tag().parse().expect("a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        if language == Language::French {
            bundle.set_transform(Some(french_spaces));
        }
        bundle.add_resource(resource).expect("no message is defined twice");
        Self { language, bundle }
    }

    /// The language of these words.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// A message without arguments.
    pub(crate) fn t(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A message, if there is one of that name: for codes that come from outside.
    pub(crate) fn known(&self, key: &str) -> Option<String> {
        self.bundle.has_message(key).then(|| self.t(key))
    }

    /// A message with its arguments filled in.
    pub(crate) fn with(&self, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, language = self.language.tag(), "no such message");
            return key.to_owned();
        };
        let arguments: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, language = self.language.tag(), ?errors, "a message lacks arguments");
        }
        text
    }

    /// A message about a number: `$n` chooses the plural, `$count` is the number as written.
    pub(crate) fn count(&self, key: &str, number: u64) -> String {
        let written = super::numbers::whole(self.language, number);
        self.with(key, &[("n", number.into()), ("count", written.into())])
    }
}

/// In French a narrow no-break space stands before `: ; ? ! %` and inside « ».
fn french_spaces(text: &str) -> Cow<'_, str> {
    if !text.contains([' ']) {
        return Cow::Borrowed(text);
    }
    let mut spaced = text.replace("« ", "«\u{202f}").replace(" »", "\u{202f}»");
    for mark in [":", ";", "?", "!", "%"] {
        spaced = spaced.replace(&format!(" {mark}"), &format!("\u{202f}{mark}"));
    }
    Cow::Owned(spaced)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ENGLISH, FRENCH, Language, Words};

    fn keys(source: &str) -> BTreeSet<&str> {
        source
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        assert_eq!(keys(ENGLISH), keys(FRENCH));
    }

    #[test]
    fn every_key_that_a_template_asks_for_exists() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let known = keys(ENGLISH);
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for call in source.split(".t(\"").skip(1) {
                let key = call.split('"').next().unwrap();
                assert!(known.contains(key), "{key}");
                seen += 1;
            }
        }
        assert!(seen > 10, "{seen}");
    }

    #[test]
    fn french_has_narrow_spaces_before_high_punctuation() {
        let title = Words::of(Language::French).with("title-fastest", &[("name", "pve-1".into())]);
        assert_eq!(title, "La plus rapide\u{202f}: pve-1");
    }

    #[test]
    fn plurals_follow_the_language() {
        let (english, french) = (Words::of(Language::English), Words::of(Language::French));
        assert_eq!(english.count("machines", 0), "0 machines");
        assert_eq!(french.count("machines", 0), "0 machine");
        assert_eq!(english.count("machines", 5_012), "5,012 machines");
        assert_eq!(french.count("machines", 5_012), "5\u{202f}012 machines");
    }
}
