//! Headings that other programs use for our columns.

/// Words of headings, and the columns that they may be.
const WORDS: [(&str, &[&str]); 16] = [
    (
        "code",
        &[
            "investor id",
            "holder id",
            "holder code",
            "investor code",
            "member id",
            "id",
            "lp id",
        ],
    ),
    (
        "holder",
        &[
            "holder code",
            "holder id",
            "investor",
            "investor id",
            "shareholder",
            "address",
            "wallet",
            "member",
            "beneficiary",
            "code",
        ],
    ),
    (
        "name",
        &[
            "holder name",
            "investor name",
            "full name",
            "shareholder",
            "names",
            "investor",
            "client name",
            "holder",
        ],
    ),
    ("email", &["e mail", "email address", "mail"]),
    ("country", &["country code", "nationality"]),
    ("bank_name", &["bank", "name of bank"]),
    (
        "bank_code",
        &["sort code", "bank sort code", "routing number"],
    ),
    (
        "account_number",
        &[
            "account no",
            "account",
            "acct no",
            "account nr",
            "nuban",
            "iban",
            "a c no",
            "acct number",
        ],
    ),
    (
        "account_name",
        &[
            "beneficiary name",
            "name of account",
            "acct name",
            "account holder",
        ],
    ),
    ("account_currency", &["currency", "ccy"]),
    (
        "tokens",
        &[
            "units",
            "shares",
            "balance",
            "quantity",
            "holding",
            "lp tokens",
            "token",
            "holdings",
        ],
    ),
    (
        "reference",
        &[
            "ref",
            "bank reference",
            "payment reference",
            "certificate",
            "certificate no",
            "narration",
        ],
    ),
    (
        "date",
        &["value date", "payment date", "paid on", "effective date"],
    ),
    ("amount", &["value", "net", "payable", "amount ngn", "sum"]),
    (
        "withdrawal",
        &["request", "withdrawal code", "withdrawal id", "w"],
    ),
    ("reason", &["notes", "remark", "remarks", "return reason"]),
];

/// How long a heading may be that is compared.
const LONGEST: usize = 60;

/// Returns the column among `missing` that a heading may be: by a known word, or because it is almost
/// the same word.
pub(super) fn close_column(heading: &str, missing: &[&'static str]) -> Option<&'static str> {
    if heading.len() > LONGEST {
        return None;
    }
    let plain = plain(heading);
    if plain.is_empty() {
        return None;
    }
    let same = missing.iter().find(|name| self::plain(name) == plain);
    let known = || {
        let fits = |name: &&&'static str| {
            WORDS
                .iter()
                .any(|(own, words)| own == *name && words.contains(&plain.as_str()))
        };
        missing.iter().find(fits)
    };
    let almost = || {
        let near = |name: &&&'static str| {
            let name = self::plain(name);
            // Words of other lengths are not compared letter by letter: a row may have a thousand cells.
            name.len() >= 4
                && name.len().abs_diff(plain.len()) <= name.len() / 4
                && strsim::damerau_levenshtein(&name, &plain) <= name.len() / 4
        };
        missing.iter().find(near)
    };
    same.or_else(known).or_else(almost).copied()
}

/// Returns a heading in small letters, with single blanks between its words.
fn plain(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_other_programs_are_known() {
        let missing = ["code", "name", "account_number", "email"];
        for (heading, column) in [
            ("Investor ID", Some("code")),
            ("Account No", Some("account_number")),
            ("ACCOUNT NUMBER", Some("account_number")),
            ("nmae", Some("name")),
            ("E-Mail", Some("email")),
            ("Rank", None),
            ("", None),
        ] {
            assert_eq!(close_column(heading, &missing), column, "{heading}");
        }
        assert_eq!(close_column("Investor ID", &["tokens"]), None);
    }
}
