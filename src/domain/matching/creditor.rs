//! Whether a line names another creditor than the payee. A bank file that was changed after its
//! export shows this way: our reference is there, and somebody else got the money.

use super::{
    expected::Expected, line::Line, link::Tier, names::Name, reference::References, rules,
    setting::Setting, text,
};
use crate::domain::account::{names_account, shown_masked};

/// The digits of a Nigerian account number.
const NUBAN: usize = 10;
/// The shortest text of a field that is an account number.
const SHORTEST_NUMBER: usize = 6;
/// The fewest letters by which a word that the bank cut is known.
const CUT: usize = 3;
/// The fewest letters by which a word that is written together or apart is known.
const JOINED: usize = 4;

/// Returns who else a line names that somebody wants to match by hand, if it carries a reference of
/// one of the payees or was found to be their whole file.
pub fn names_other_creditor(
    line: &Line,
    payees: &[Expected],
    setting: &Setting,
    tier: Option<Tier>,
) -> Option<String> {
    let carries = || {
        !References::of(payees.iter().enumerate())
            .find(line)
            .is_empty()
    };
    let concerned = line.amount.is_negative() && (tier == Some(Tier::FileTotal) || carries());
    let payees: Vec<&Expected> = payees.iter().collect();
    other_creditor(line, &payees, setting).filter(|_| concerned)
}

/// Returns who else a debit names than the payees of withdrawals that nobody recorded as paid: a user
/// claims that it pays them, so no reference needs to tie it to them.
pub fn claims_other_creditor(
    line: &Line,
    payees: &[Expected],
    setting: &Setting,
) -> Option<String> {
    let payees: Vec<&Expected> = payees.iter().collect();
    other_creditor(line, &payees, setting).filter(|_| line.amount.is_negative())
}

/// Returns who else a line names than the payees, in words without account numbers; `None` if it
/// names nobody else.
pub(super) fn other_creditor(
    line: &Line,
    payees: &[&Expected],
    setting: &Setting,
) -> Option<String> {
    other_account(line, payees, setting).or_else(|| other_name(line, payees))
}

/// Finds an account number that is neither a payee's nor the statement's own: in its own field, or a
/// run of ten digits in the text not in a reference. Numbers of other forms count if
/// the ledger knows them.
fn other_account(line: &Line, payees: &[&Expected], setting: &Setting) -> Option<String> {
    let is_ours = |number: &str| {
        names_account(number, &setting.number)
            || payees
                .iter()
                .filter_map(|payee| payee.account_number.as_ref())
                .any(|own| names_account(number, own))
    };
    let is_number = |number: &&str| {
        let is_sign = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '*' | '\u{2022}');
        let signs = number.chars().filter(is_sign).count();
        signs >= SHORTEST_NUMBER && number.contains(|c: char| c.is_ascii_digit())
    };
    let field = line.counterparty_account.as_deref().filter(is_number);
    if let Some(number) = field.filter(|number| !is_ours(number)) {
        return Some(format!("another account, {}", shown_masked(number)));
    }
    let references = references(line, payees);
    let in_reference = |number: &str| references.iter().any(|known| known.contains(number));
    let tokens = text::Tokens::new(&line.description);
    let runs = text::digit_runs(&line.description).filter(|run| run.len() == NUBAN);
    let known = tokens
        .each()
        .filter(|token| setting.known_numbers.contains(*token));
    let mut numbers = runs.chain(known);
    let other = numbers.find(|number| !is_ours(number) && !in_reference(number));
    other.map(|other| format!("another account, {}", shown_masked(other)))
}

/// Collects every reference that a number in the text may be part of.
fn references(line: &Line, payees: &[&Expected]) -> Vec<String> {
    let own = [&line.reference, &line.bank_id, &line.end_to_end];
    let own = own.into_iter().flatten();
    let theirs = payees.iter().flat_map(|payee| {
        let all = payee.end_to_end.iter().chain(&payee.ended_references);
        all.chain(&payee.reference)
    });
    own.chain(theirs)
        .map(|reference| text::reference(reference))
        .collect()
}

/// Finds a name that shares no word with any payee's: in its own field, or after the words by which
/// banks begin it.
fn other_name(line: &Line, payees: &[&Expected]) -> Option<String> {
    let field = line.counterparty_name.as_deref().map(text::fold);
    let described = named_in_text(line, payees);
    let named = field.into_iter().chain(described);
    let names: Vec<Name> = named.filter_map(|name| creditor(&name)).collect();
    let first = names.first()?;
    let words: Vec<Vec<String>> = payees.iter().map(|payee| words_of(payee)).collect();
    let is_payee = |name: &Name| {
        words
            .iter()
            .any(|words| words.is_empty() || shares(name, words))
    };
    if names.iter().all(is_payee) {
        return None;
    }
    let other = names.iter().find(|name| !is_payee(name)).unwrap_or(first);
    Some(format!("another name, {}", other.tokens.join(" ")))
}

/// Reads a name, unless it has only words of banks.
fn creditor(folded: &str) -> Option<Name> {
    let name = Name::of_bank(folded)?;
    let all_bank = name
        .tokens
        .iter()
        .all(|token| rules::BANK_WORDS.contains(&token.as_str()));
    (!all_bank).then_some(name)
}

/// Reads what follows the words by which banks begin the beneficiary's name, up to a sign, a number
/// or the word that begins something else.
fn named_in_text(line: &Line, payees: &[&Expected]) -> Vec<String> {
    let mut folded = text::fold(&line.description);
    for reference in references(line, payees) {
        if reference.len() >= SHORTEST_NUMBER {
            folded = folded.replace(&reference, "/");
        }
    }
    named_after_words(&folded)
}

/// Returns whether a bank's text names a creditor, whoever that is.
pub fn names_creditor(text: &str) -> bool {
    let is_word = |token: &String| {
        token.chars().filter(|c| c.is_alphabetic()).count() >= CUT
            && !token.chars().any(|c| c.is_ascii_digit())
    };
    named_after_words(&text::fold(text))
        .iter()
        .filter_map(|name| creditor(name))
        .any(|name| name.tokens.iter().any(is_word))
}

/// Reads the names after the words by which banks begin them.
fn named_after_words(folded: &str) -> Vec<String> {
    let mut found = Vec::new();
    for begin in rules::BENEFICIARY_WORDS {
        for (at, _) in folded.match_indices(begin) {
            let before = folded
                .get(..at)
                .and_then(|before| before.chars().next_back());
            let after = folded.get(at + begin.len()..).unwrap_or_default();
            let whole = !before.is_some_and(char::is_alphanumeric)
                && !after.starts_with(char::is_alphanumeric);
            if whole {
                found.push(name_at(after));
            }
        }
    }
    found
}

/// Reads the name with which a text begins.
fn name_at(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let text = text.strip_prefix("NAME").map_or(text, |rest| {
        rest.trim_start_matches(|c: char| !c.is_alphanumeric())
    });
    let end = text
        .find(['/', '|', ';', ':', '\\', '*', '(', ')', ',', '#'])
        .unwrap_or(text.len());
    let words = text.get(..end).unwrap_or_default().split_whitespace();
    let is_end = |word: &&str| {
        !word.contains(|c: char| c.is_ascii_digit())
            && !rules::PAYER_WORDS.contains(word)
            && !rules::AFTER_NAME_WORDS.contains(word)
    };
    words.take_while(is_end).collect::<Vec<_>>().join(" ")
}

/// Returns the words of a payee's names; all of them if nothing but titles and endings is left.
fn words_of(payee: &Expected) -> Vec<String> {
    let mut words = Vec::new();
    for name in &payee.names {
        match Name::of_ledger(name) {
            Some(name) => words.extend(name.tokens),
            None => {
                let folded = text::fold(name);
                let all = folded.split(|c: char| !c.is_alphanumeric());
                words.extend(all.filter(|word| !word.is_empty()).map(str::to_owned));
            }
        }
    }
    words
}

/// Checks whether a bank's name has a word of a payee's names. The bank may have cut the last word,
/// and may write two words together or one apart.
fn shares(name: &Name, words: &[String]) -> bool {
    let begins = |one: &str, other: &str, least: usize| {
        one.chars().count() >= least && other.starts_with(one)
    };
    name.tokens.iter().any(|token| {
        let least = if name.last.as_ref() == Some(token) {
            CUT
        } else {
            JOINED
        };
        words.iter().any(|word| {
            (token == word && token.chars().count() > 1)
                || begins(token, word, least)
                || begins(word, token, JOINED)
        })
    })
}
