//! Codes made from names: `Ada Obi` becomes `ada-obi`, or `ada-obi-2` if that is taken.

use super::code::Code;

/// The longest code that is made, so that a number fits behind it.
const LONGEST: usize = 56;

/// Letters that have more than a mark above or below them, and what they become.
const LETTERS: [(&str, &str); 16] = [
    ("ßẞ", "ss"),
    ("æÆ", "ae"),
    ("œŒ", "oe"),
    ("þÞ", "th"),
    ("øØ", "o"),
    ("đĐðÐɗƊ", "d"),
    ("łŁ", "l"),
    ("ɓƁ", "b"),
    ("ƙƘ", "k"),
    ("ƴƳ", "y"),
    ("ıİ", "i"),
    ("ħĦ", "h"),
    ("ŋŊ", "ng"),
    ("ŧŦ", "t"),
    ("ƒ", "f"),
    ("ɛƐəƏǝƎ", "e"),
];

/// Letters with marks above or below them, by the letter.
const MARKED: [(&str, char); 23] = [
    ("àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ", 'a'),
    ("ḃḅḇ", 'b'),
    ("çćĉċčḉ", 'c'),
    ("ďḋḍḏḑḓ", 'd'),
    ("èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ", 'e'),
    ("ḟ", 'f'),
    ("ĝğġģǧǵḡ", 'g'),
    ("ĥȟḣḥḧḩḫẖ", 'h'),
    ("ìíîïĩīĭįǐȉȋḭḯỉị", 'i'),
    ("ĵǰ", 'j'),
    ("ķǩḱḳḵ", 'k'),
    ("ĺļľḷḹḻḽ", 'l'),
    ("ḿṁṃ", 'm'),
    ("ñńņňǹṅṇṉṋ", 'n'),
    ("òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ", 'o'),
    ("ŕŗřȑȓṙṛṝṟ", 'r'),
    ("śŝşšșṡṣṥṧṩ", 's'),
    ("ţťțṫṭṯṱẗ", 't'),
    ("ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự", 'u'),
    ("ṽṿ", 'v'),
    ("ŵẁẃẅẇẉẘ", 'w'),
    ("ýÿŷȳẏẙỳỵỷỹ", 'y'),
    ("źżžẑẓẕ", 'z'),
];

impl Code {
    /// Makes a code from a name: its letters and digits in small Latin letters without marks, with
    /// hyphens between the words. A name without any becomes `holder`.
    pub fn of_name(name: &str) -> Self {
        let mut code = String::new();
        for c in name.chars() {
            // Marks that are characters of their own, and apostrophes, part no words.
            if matches!(c, '\u{300}'..='\u{36f}' | '\'' | '\u{2019}') {
                continue;
            }
            let known = LETTERS.iter().find(|(letters, _)| letters.contains(c));
            if let Some((_, latin)) = known {
                code.push_str(latin);
                continue;
            }
            for lower in c.to_lowercase() {
                let plain = MARKED.iter().find(|(letters, _)| letters.contains(lower));
                match plain.map_or(lower, |(_, plain)| *plain) {
                    plain if plain.is_ascii_alphanumeric() => code.push(plain),
                    '\u{300}'..='\u{36f}' => {}
                    _ if code.is_empty() || code.ends_with('-') => {}
                    _ => code.push('-'),
                }
            }
        }
        code.truncate(LONGEST);
        let code = code.trim_end_matches('-');
        if code.is_empty() {
            return Self::plain_holder();
        }
        let parsed = Self::parse(code).or_else(|_| Self::parse(&format!("holder-{code}")));
        parsed.unwrap_or_else(|_| Self::plain_holder())
    }

    /// Returns the code with a number behind it, or itself for 1. `None` if it would be too long.
    pub fn numbered(&self, number: u64) -> Option<Self> {
        if number <= 1 {
            return Some(self.clone());
        }
        Self::parse(&format!("{self}-{number}")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_made_of_the_letters_of_a_name() {
        for (name, code) in [
            ("Ada Obi", "ada-obi"),
            ("Eze, John & Mary (joint)", "eze-john-mary-joint"),
            ("Ọlá Ventures Ltd", "ola-ventures-ltd"),
            ("O\u{323}la\u{301}", "ola"),
            ("O'Neill", "oneill"),
            ("Groß Łódź", "gross-lodz"),
            ("İnal", "inal"),
            ("  --  ", "holder"),
            ("محمد", "holder"),
            ("W-1", "holder-w-1"),
            ("3i Group", "3i-group"),
        ] {
            assert_eq!(Code::of_name(name).as_str(), code, "{name}");
        }
        let ada = Code::of_name("Ada Obi");
        assert_eq!(ada.numbered(1).unwrap(), ada);
        assert_eq!(ada.numbered(12).unwrap().as_str(), "ada-obi-12");
        assert!(Code::of_name(&"x".repeat(200)).numbered(99_999).is_some());
    }
}
