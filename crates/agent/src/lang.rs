//! The two languages in which the agent speaks to people: English and French.

use report::Component;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English, for everybody else too.
    En,
    /// French.
    Fr,
}

impl Lang {
    /// The language of the locale: LC_ALL, else LC_MESSAGES, else LANG.
    pub fn from_environment(environment: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| environment(name).filter(|value| !value.is_empty());
        match ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set) {
            Some(locale) if locale.starts_with("fr") => Self::Fr,
            _ => Self::En,
        }
    }

    /// One of two texts.
    pub fn pick<'a>(self, english: &'a str, french: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Fr => french,
        }
    }

    /// A number with `decimals` places, thousands apart: `1,234.5` or `1 234,5`.
    pub fn number(self, value: f64, decimals: usize) -> String {
        let (group, point) = match self {
            Self::En => (',', '.'),
            Self::Fr => ('\u{202f}', ','),
        };
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::new();
        if value < 0.0 {
            text.push(self.pick("-", "\u{2212}").chars().next().unwrap_or('-'));
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }

    /// A number with three digits that count, as people write figures down: `1,234`, `56.7`, `0.321`.
    pub fn figure(self, value: f64) -> String {
        let decimals = match value.abs() {
            size if size >= 100.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 1.0 => 2,
            _ => 3,
        };
        self.number(value, decimals)
    }

    /// The name of a component.
    pub fn component(self, component: Component) -> &'static str {
        match (self, component) {
            (Self::En, Component::Cpu) => "Processor",
            (Self::Fr, Component::Cpu) => "Processeur",
            (Self::En, Component::Memory) => "Memory",
            (Self::Fr, Component::Memory) => "Mémoire",
            (Self::En, Component::Disk) => "Disk",
            (Self::Fr, Component::Disk) => "Disque",
            (Self::En, Component::Network) => "Network",
            (Self::Fr, Component::Network) => "Réseau",
            (Self::En, Component::Gpu) => "Graphics",
            (Self::Fr, Component::Gpu) => "Graphique",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_chooses() {
        let lang = |variables: &[(&str, &str)]| {
            Lang::from_environment(&|name| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(lang(&[("LANG", "fr_FR.UTF-8")]), Lang::Fr);
        assert_eq!(lang(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")]), Lang::En);
        assert_eq!(lang(&[("LANG", "de_DE"), ("LC_MESSAGES", "fr_CH"), ("LC_ALL", "")]), Lang::Fr);
        assert_eq!(lang(&[]), Lang::En);
    }

    #[test]
    fn numbers_are_written_as_each_language_writes_them() {
        assert_eq!(Lang::En.number(1_234_567.89, 1), "1,234,567.9");
        assert_eq!(Lang::Fr.number(-1_234.5, 2), "\u{2212}1\u{202f}234,50");
        assert_eq!(Lang::En.number(999.0, 0), "999");
        assert_eq!(Lang::En.figure(0.3214), "0.321");
        assert_eq!(Lang::Fr.figure(56.72), "56,7");
    }
}
