//! Evidence in the language of the page. It is stored as the English text that the verdict was given with.

use super::language::Language;

/// The forms that the verdicts write, `{}` for a number or a name, and what they are in French.
const FORMS: [(&str, &str); 25] = [
    ("background load {} %", "charge de fond {} %"),
    ("{} % background load", "charge de fond {} %"),
    (
        "still busy when waiting was over, background load {} %",
        "encore occupée à la fin de l’attente, charge de fond {} %",
    ),
    ("still busy when waiting was over", "encore occupée à la fin de l’attente"),
    (
        "others waited for drives {} % of the time before the test",
        "d’autres attendaient les disques {} % du temps avant le test",
    ),
    ("the hypervisor took {} % of the time", "l’hyperviseur a pris {} % du temps"),
    ("power came from the battery", "alimentation par la batterie"),
    ("governor powersave, driver {}", "gouverneur powersave, pilote {}"),
    ("governor powersave", "gouverneur powersave"),
    ("the frequency fell from {} to {} MHz", "la fréquence est tombée de {} à {} MHz"),
    ("{} throttle events", "{} ralentissements"),
    ("the firmware reported low supply voltage", "le firmware a signalé une tension trop basse"),
    ("{} pages swapped", "{} pages échangées"),
    ("the clock moved by {} ms", "l’horloge a bougé de {} ms"),
    ("{} of {} processors were left", "il restait {} processeurs sur {}"),
    ("limited to {} processors, the test wants {}", "limité à {} processeurs, le test en veut {}"),
    ("{} samples, {} are needed", "{} échantillons, il en faut {}"),
    ("the interval is ± {} % of the value", "l’intervalle est de ± {} % de la valeur"),
    ("{} MiB of data, {} MiB of cache", "{} Mio de données, {} Mio de cache"),
    ("{} is memory", "{} est en mémoire"),
    ("file system {}", "système de fichiers {}"),
    ("server and client are one host", "serveur et client sont une seule machine"),
    ("the server measured another machine", "le serveur mesurait une autre machine"),
    ("drawn by {}", "dessiné par {}"),
    ("the test left no figure", "le test n’a laissé aucun chiffre"),
];

/// The evidence in the page's language; none where French has no words for it.
pub(crate) fn evidence(language: Language, english: &str) -> Option<String> {
    match language {
        Language::English => Some(english.to_owned()),
        Language::French => {
            FORMS.iter().find_map(|(form, french)| Some(fill(french, &holes(form, english)?)))
        }
    }
}

/// What stands in the holes of a form, if the text is of that form.
fn holes<'a>(form: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = form.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let end = if parts.peek().is_none() { rest.strip_suffix(part)?.len() } else { rest.find(part)? };
        let (hole, after) = rest.split_at(end);
        // A number or a name; more would be another form that only begins alike.
        if hole.is_empty() || hole.contains([' ', ',']) {
            return None;
        }
        found.push(hole);
        rest = after.strip_prefix(part)?;
    }
    rest.is_empty().then_some(found)
}

fn fill(french: &str, holes: &[&str]) -> String {
    let mut filled = french.replace(" %", "\u{202f}%");
    for hole in holes {
        let hole = if hole.parse::<f64>().is_ok() { hole.replace('.', ",") } else { (*hole).to_owned() };
        filled = filled.replacen("{}", &hole, 1);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::{FORMS, Language, evidence, holes};

    #[test]
    fn evidence_is_told_in_french() {
        for (english, french) in [
            ("background load 35.0 %", "charge de fond 35,0\u{202f}%"),
            ("3 samples, 6 are needed", "3 échantillons, il en faut 6"),
            ("the frequency fell from 3400 to 1200 MHz", "la fréquence est tombée de 3400 à 1200 MHz"),
            ("governor powersave, driver intel_cpufreq", "gouverneur powersave, pilote intel_cpufreq"),
            ("server and client are one host", "serveur et client sont une seule machine"),
            ("limited to 1.50 processors, the test wants 4", "limité à 1,50 processeurs, le test en veut 4"),
        ] {
            assert_eq!(evidence(Language::French, english).as_deref(), Some(french));
            assert_eq!(evidence(Language::English, english).as_deref(), Some(english));
        }
    }

    #[test]
    fn what_is_not_recognised_is_left_out_in_french_only() {
        for odd in
            ["", "3 samples", "background load high, very %", "samples, 6 are needed", "the fan is broken"]
        {
            assert_eq!(evidence(Language::French, odd), None, "{odd}");
            assert_eq!(evidence(Language::English, odd).as_deref(), Some(odd));
        }
    }

    #[test]
    fn both_sides_of_every_form_have_the_same_holes() {
        for (english, french) in FORMS {
            assert_eq!(english.matches("{}").count(), french.matches("{}").count(), "{english}");
            assert!(holes(english, &english.replace("{}", "7.5")).is_some(), "{english}");
        }
    }
}
