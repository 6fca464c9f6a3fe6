//! The two languages of the pages, and which one a visitor reads.

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// Both, in the order of the switch.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::French];

    /// The tag in `lang` attributes, addresses and cookies.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language's own name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
        }
    }

    /// The language of that tag.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The one that an `Accept-Language` header likes best; English where it names neither.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut best = (0.0, Self::default());
        for range in header.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
            if let Some(language) = Self::from_tag(&primary)
                && weight > best.0
            {
                best = (weight, language);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_heaviest_known_range_wins() {
        for (header, expected) in [
            ("", Language::English),
            ("fr-FR,fr;q=0.9,en;q=0.8", Language::French),
            ("en-GB,en;q=0.9,fr;q=0.8", Language::English),
            ("de, fr;q=0.3, en;q=0.2", Language::French),
            ("de,it", Language::English),
            ("FR", Language::French),
            ("fr;q=0", Language::English),
            ("fr;q=high", Language::French),
        ] {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }
}
