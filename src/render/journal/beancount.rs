//! The journal as Beancount reads it. `bean-check` passes.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::lines::{about, amount, one_line};
use crate::{
    domain::{currency::Currency, journal::Heading, time::Date},
    report::journal::{Balances, Path, Segment, Transaction},
};

/// Writes what the journal is about.
pub(super) fn heading(out: &mut impl Write, heading: &Heading) -> io::Result<()> {
    about(out, heading)?;
    writeln!(
        out,
        "\noption \"title\" \"prorata, as of {}\"",
        heading.as_of
    )?;
    for (currency, _) in &heading.currencies {
        writeln!(out, "option \"operating_currency\" \"{currency}\"")?;
    }
    Ok(())
}

/// Opens an account; if a code in it is spelt otherwise, its name with the unchanged codes
/// follows it.
pub(super) fn account(out: &mut impl Write, account: &Path, since: Date) -> io::Result<()> {
    writeln!(out, "{since} open {}", name(account))?;
    let respelt = |code: &str| !component(code).eq_ignore_ascii_case(code);
    if account
        .0
        .iter()
        .any(|part| matches!(part, Segment::Code(code) if respelt(code.as_str())))
    {
        writeln!(out, "  name: {}", quoted(&account.to_string()))?;
    }
    Ok(())
}

/// Writes an entry.
pub(super) fn transaction(
    out: &mut impl Write,
    transaction: &Transaction,
    decimals: &[(Currency, u32)],
) -> io::Result<()> {
    writeln!(
        out,
        "\n{} * {}",
        transaction.date,
        quoted(&transaction.description)
    )?;
    writeln!(out, "  code: {}", quoted(&transaction.code))?;
    for (name, value) in &transaction.tags {
        writeln!(out, "  {name}: {}", quoted(value))?;
    }
    if let Some(value_date) = transaction.value_date {
        writeln!(out, "  value-date: {value_date}")?;
    }
    for side in &transaction.sides {
        let amount = amount(side.amount, side.currency, decimals);
        writeln!(
            out,
            "  {:<58}  {amount:>18} {}",
            name(&side.account),
            side.currency
        )?;
    }
    Ok(())
}

/// Writes balances that must hold, to the last digit. Beancount looks at the beginning of a day, so
/// it is the one after.
pub(super) fn balances(
    out: &mut impl Write,
    balances: &Balances,
    decimals: &[(Currency, u32)],
) -> io::Result<()> {
    let date = balances.date.succ_opt().unwrap_or(balances.date);
    writeln!(out)?;
    for side in &balances.sides {
        let amount = amount(side.amount, side.currency, decimals);
        writeln!(
            out,
            "{date} balance {:<50}  {amount:>18} ~ 0 {}",
            name(&side.account),
            side.currency
        )?;
    }
    Ok(())
}

/// Names an account: words with capitals, codes as [`component`] makes them.
fn name(account: &Path) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Word(word) => word
            .split(' ')
            .map(|word| capital(word).into_owned())
            .collect::<Vec<_>>()
            .join("-"),
        Segment::Code(code) => component(code.as_str()).into_owned(),
    };
    account
        .0
        .iter()
        .map(segment)
        .collect::<Vec<String>>()
        .join(":")
}

/// Makes a component of an account's name of a code: a capital or a digit, then letters, digits and
/// hyphens.
///
/// No two codes of a ledger give the same, as codes differ by more than case. A code of letters,
/// digits and hyphens stays as it is, with a capital first, unless it contains `-dot-` or `-us-`.
/// In all others, each hyphen is doubled, a point becomes `-dot-` and an underline `-us-`; so they
/// hold one of the two, and can be read back: after a hyphen comes a hyphen, a `d` or a `u`. That
/// is why `X-x` before what would begin with a hyphen is not the beginning of a code.
fn component(code: &str) -> Cow<'_, str> {
    let lower = code.to_ascii_lowercase();
    if !code.contains(['.', '_']) && !lower.contains("-dot-") && !lower.contains("-us-") {
        return capital(code);
    }
    let mut made = String::with_capacity(code.len() + 8);
    if code.starts_with(['.', '_']) {
        made.push_str("X-x");
    }
    for sign in code.chars() {
        match sign {
            '-' => made.push_str("--"),
            '.' => made.push_str("-dot-"),
            '_' => made.push_str("-us-"),
            other => made.push(other),
        }
    }
    capital(&made).into_owned().into()
}

fn capital(word: &str) -> Cow<'_, str> {
    match word.chars().next().filter(char::is_ascii_lowercase) {
        Some(first) => format!(
            "{}{}",
            first.to_ascii_uppercase(),
            word.get(1..).unwrap_or_default()
        )
        .into(),
        None => Cow::Borrowed(word),
    }
}

fn quoted(text: &str) -> String {
    format!(
        "\"{}\"",
        one_line(text).replace('\\', "\\\\").replace('"', "\\\"")
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_component(text: &str) -> bool {
        text.starts_with(|first: char| first.is_ascii_uppercase() || first.is_ascii_digit())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }

    #[test]
    fn a_code_becomes_a_component_that_people_recognize() {
        for (code, expected) in [
            ("adeyemi", "Adeyemi"),
            ("MARINA", "MARINA"),
            ("LAGOS-TOWER", "LAGOS-TOWER"),
            ("0xED99", "0xED99"),
            ("a.b", "A-dot-b"),
            ("a_b", "A-us-b"),
            ("a-b", "A-b"),
            ("a--b", "A--b"),
            ("a-b.c", "A--b-dot-c"),
            (".x", "X-x-dot-x"),
            ("_", "X-x-us-"),
            ("a-dot-b", "A--dot--b"),
            ("A-DOT-b", "A--DOT--b"),
        ] {
            assert_eq!(component(code), expected, "{code}");
            assert!(is_component(expected), "{expected}");
        }
    }

    /// Codes that come close to each other: of few signs, and with what the mapping makes of others
    /// in them.
    fn any_code() -> impl Strategy<Value = String> {
        let near = proptest::collection::vec(
            prop_oneof![
                Just("-".to_owned()),
                Just(".".to_owned()),
                Just("_".to_owned()),
                Just("-dot-".to_owned()),
                Just("-us-".to_owned()),
                Just("dot".to_owned()),
                Just("us".to_owned()),
                Just("X-x".to_owned()),
                Just("x".to_owned()),
                Just("d".to_owned()),
                Just("--".to_owned()),
            ],
            1..6,
        );
        prop_oneof![
            near.prop_map(|parts| parts.concat()),
            "[A-Za-z0-9._][A-Za-z0-9._-]{0,63}",
            "[ad._][ad._-]{0,4}"
        ]
        .prop_filter("a code begins with no hyphen", |code| {
            !code.starts_with('-') && code.len() <= 64
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn no_two_codes_share_an_account(one in any_code(), other in any_code()) {
            prop_assert!(is_component(&component(&one)), "{}", component(&one));
            if !one.eq_ignore_ascii_case(&other) {
                prop_assert_ne!(component(&one), component(&other), "{} {}", one, other);
            }
        }
    }

    #[test]
    fn no_two_of_all_short_codes_share_an_account() {
        let signs = ["a", "d", "x", "o", "t", "u", "s", "-", ".", "_"];
        let mut seen = std::collections::HashMap::new();
        let mut codes = vec![String::new()];
        for _ in 0..5 {
            codes = codes
                .iter()
                .flat_map(|code| signs.map(|sign| format!("{code}{sign}")))
                .collect();
            for code in codes.iter().filter(|code| !code.starts_with('-')) {
                let twin = seen.insert(component(code).into_owned(), code.clone());
                assert_eq!(twin, None, "{code} and {twin:?} share an account");
            }
        }
    }
}
