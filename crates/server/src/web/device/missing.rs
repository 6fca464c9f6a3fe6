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
    let what = field_name(words, field);
    words.with("not-read-field", &[("what", what.into()), ("reason", reason.into())])
}

/// The name of a field below its section: ours for its whole path, else for its last part, else as it was sent.
fn field_name(words: &Words, field: &str) -> String {
    let known = |path: &str| words.known(&format!("fact-{}", path.replace(['_', '.'], "-")));
    let last = field.rsplit('.').next().unwrap_or(field);
    known(field).or_else(|| known(last)).unwrap_or_else(|| field.to_owned())
}

/// Reason and help of one entry: our words for this path, else for this reason. Advice that we do not know is
/// shown as the agent sent it.
pub(crate) fn missing_text(words: &Words, missing: &Missing) -> String {
    let key = missing.reason.replace('_', "-");
    let path = missing.path.as_str().replace(['_', '.'], "-");
    let ours = |end: &str| {
        let special = words.known(&format!("missing-{path}-{key}{end}"));
        special.or_else(|| words.known(&format!("missing-{key}{end}")))
    };
    let reason = ours("").unwrap_or_else(|| missing.reason.replace('_', " "));
    match ours("-do").or_else(|| missing.advice.as_deref().map(sentence)) {
        Some(help) => format!("{reason}. {help}"),
        None => reason,
    }
}

/// With a capital in front and a full stop behind it.
fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let rest = letters.as_str();
    let end = if rest.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{rest}{end}")
}

#[cfg(test)]
mod tests {
    use report::missing::Missing;

    use super::{Words, below, field_name, missing_text};
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

    #[test]
    fn every_field_that_our_agent_names_has_words() {
        let fields = [
            "vendor",
            "model",
            "microarchitecture",
            "cores",
            "threads",
            "base_freq_ghz",
            "max_freq_ghz",
            "cache_l1_kb",
            "cache_l2_kb",
            "cache_l3_kb",
            "flags",
            "governor",
            "tdp_w",
            "mitigations",
            "cpu_temp_c",
            "total_mb",
            "layout",
            "name",
            "kernel_version",
            "architecture",
            "fqdn",
            "interfaces",
            "memory_dedicated_mb",
            "devices",
            "devices.smart_health",
            "devices.wear_percent",
            "partitions",
            "partitions.total_gb",
        ];
        for language in Language::ALL {
            for field in fields {
                let name = field_name(Words::of(language), field);
                assert!(!name.contains(['_', '.']), "{field}: {name}");
                assert!(language == Language::English || name != field, "{field}: {name}");
            }
        }
    }

    #[test]
    fn what_our_agent_says_is_said_in_the_language_of_the_page() {
        let graphics = Missing::new("results.gpu", "not_supported", Some("measured by a later version"));
        let french = Words::of(Language::French);
        let expected = "pas encore mesuré. Une version ultérieure de l’agent mesurera les graphismes.";
        assert_eq!(missing_text(french, &graphics), expected);
        let unknown = Missing::new("results.gpu", "solar_flare", Some("wait for the night"));
        assert_eq!(missing_text(french, &unknown), "solar flare. Wait for the night.");
        let reasons = [
            "needs_root",
            "not_present",
            "not_exposed",
            "not_set",
            "belongs_to_host",
            "no_server",
            "no_fleet_key",
            "skipped",
            "inventory_only",
            "not_supported",
            "same_host",
            "no_time",
            "few_samples",
            "public_address",
            "iperf_failed",
            "no_test",
            "timed_out",
            "crashed",
            "failed",
            "unreadable",
            "not_writable",
            "no_space",
            "io_error",
            "server_busy",
            "server_error",
            "unreachable",
            "not_permitted",
        ];
        for reason in reasons {
            let key = format!("missing-{}", reason.replace('_', "-"));
            for language in [Language::English, Language::French] {
                assert!(Words::of(language).known(&key).is_some(), "{key}");
            }
        }
    }
}
