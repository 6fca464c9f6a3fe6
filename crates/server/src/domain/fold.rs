//! Text without what a search does not tell apart: case, accents, and how wide a letter is.

use unicode_normalization::UnicodeNormalization as _;

/// The folded form of a text: `Éclair` and `ECLAIR` are `eclair`. Two texts that fold alike are one name, one tag, one
/// model; and a search finds a folded word in a folded text. Spaces around it go, and many in a row are one.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd().filter(|c| !is_accent(*c)) {
        match c {
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            // These are letters with a stroke or two letters in one: no normal form takes them apart.
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The block of combining accents: marks of other scripts are letters of their own, and stay.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_width_make_no_difference() {
        for (text, folded) in [
            ("É", "e"),
            ("E\u{301}", "e"),
            ("Réseau  Büro\t2 ", "reseau buro 2"),
            ("ŁÓDŹ", "lodz"),
            ("Straße", "strasse"),
            ("CŒUR", "coeur"),
            ("İstanbul", "istanbul"),
            ("ＮＡＳ①", "nas1"),
            ("ΣΑΣ", "σασ"),
            ("σας", "σασ"),
            ("Ёлка", "елка"),
            ("が", "か\u{3099}"),
            ("  ", ""),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
            assert_eq!(fold(folded), folded, "folding {folded:?} again changes nothing");
        }
    }
}
