//! "Not read": what the report lacks, why, and what would help.

use report::missing::Missing;

use crate::web::words::Words;

/// The lines about a section of the hardware, by the path in the report: `hardware.ram`.
pub(crate) fn below(words: &Words, missing: &[Missing], section: &str) -> Vec<String> {
    let belongs = |missing: &&Missing| {
        let rest = missing.path.as_str().strip_prefix(section);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    missing.iter().filter(belongs).map(|missing| not_read(words, section, missing)).collect()
}

fn not_read(words: &Words, section: &str, missing: &Missing) -> String {
    let field = missing.path.as_str().strip_prefix(section).unwrap_or_default().trim_start_matches('.');
    let reason = missing_text(words, missing);
    if field.is_empty() {
        return words.with("not-read", &[("reason", reason.into())]);
    }
    let what =
        words.known(&format!("fact-{}", field.replace(['_', '.'], "-"))).unwrap_or_else(|| field.to_owned());
    words.with("not-read-field", &[("what", what.into()), ("reason", reason.into())])
}

/// Reason and help of one entry. Advice that we do not know is shown as the agent sent it.
pub(crate) fn missing_text(words: &Words, missing: &Missing) -> String {
    let key = missing.reason.replace('_', "-");
    let reason = words.known(&format!("missing-{key}")).unwrap_or_else(|| missing.reason.replace('_', " "));
    let help = words.known(&format!("missing-{key}-do"));
    match help.or_else(|| missing.advice.as_ref().map(ToString::to_string)) {
        Some(help) => format!("{reason}. {help}"),
        None => reason,
    }
}

#[cfg(test)]
mod tests {
    use report::missing::Missing;

    use super::{Words, below};
    use crate::web::language::Language;

    #[test]
    fn a_line_stands_in_its_section_with_what_would_help() {
        let missing = [
            Missing::new("hardware.ram.layout", "needs_root", None),
            Missing::new("hardware.ramdisk", "odd", None),
            Missing::new("hardware.sensors", "solar_flare", Some("Wait for the night.")),
        ];
        let english = Words::of(Language::English);
        let expected = "Not read: memory modules: needs root. Run it once with sudo.";
        assert_eq!(below(english, &missing, "hardware.ram"), [expected]);
        let expected = "Not read: solar flare. Wait for the night.";
        assert_eq!(below(english, &missing, "hardware.sensors"), [expected]);
    }
}
