//! What to say to a name that nothing has.

use prorata::store::{Noun, Suggestion};

/// Says what an unknown name may be meant for, or where the names are.
pub(crate) fn in_place_of(noun: Noun, given: &str, suggestion: &Suggestion) -> String {
    match suggestion {
        Suggestion::Like(name) => format!("did you mean `{name}`?"),
        Suggestion::Other { noun, name } => {
            let article = if *noun == Noun::Event { "an" } else { "a" };
            format!("`{name}` is {article} {}", noun.as_str())
        }
        Suggestion::Paid {
            withdrawal,
            by: Some(payment),
        } => format!("{withdrawal} is a withdrawal; it was paid by {payment}"),
        Suggestion::Paid {
            withdrawal,
            by: None,
        } => format!("{withdrawal} is a withdrawal; it is not paid"),
        // What was named is what is to be added.
        Suggestion::NoneYet => none_yet(noun).replace("CODE", given),
        Suggestion::Nothing => match noun {
            Noun::Line => "see `prorata bank lines ACCOUNT`".to_owned(),
            Noun::Statement => "see `prorata bank statements ACCOUNT`".to_owned(),
            Noun::Import => "see `prorata token imports PROJECT`".to_owned(),
            Noun::BankAccount => "see `prorata bank list`".to_owned(),
            Noun::User
            | Noun::Project
            | Noun::Holder
            | Noun::Event
            | Noun::Withdrawal
            | Noun::Payment => format!("see `prorata {} list`", noun.as_str()),
            Noun::PaymentFile => "see `prorata payment file list`".to_owned(),
            Noun::Proposal => "see `prorata proposal list`".to_owned(),
            Noun::Certificate => "see `prorata tax certificate list`".to_owned(),
            Noun::Remittance => "see `prorata tax remittance list`".to_owned(),
        },
    }
}

/// Says how the first thing of a noun comes into the ledger.
fn none_yet(noun: Noun) -> &'static str {
    match noun {
        Noun::User => "there is no user yet: `prorata user add CODE --role ROLE`",
        Noun::Project => "there is no project yet; add one: `prorata project add CODE --name NAME`",
        Noun::Holder => "there is no holder yet; add some: `prorata holder import FILE`",
        Noun::Event => {
            "there is no event yet; create one: `prorata event create --project PROJECT`"
        }
        Noun::BankAccount => {
            "there is no bank account yet; add one: `prorata bank add CODE --bank-name NAME --account-number NUMBER`"
        }
        Noun::Withdrawal => {
            "nothing was requested yet: `prorata withdrawal request --event EVENT --all-holders`"
        }
        Noun::Payment => {
            "nothing was paid yet: `prorata withdrawal pay`, or `prorata bank reconcile ACCOUNT`"
        }
        Noun::PaymentFile => {
            "there is no payment file yet: `prorata payment file create --account ACCOUNT --event EVENT`"
        }
        Noun::Proposal => {
            "nothing was proposed yet: `prorata bank rule add ACCOUNT --text TEXT --kind fee --at-most AMOUNT`"
        }
        Noun::Certificate => {
            "there is no tax certificate yet: `prorata tax certificate add HOLDER --kind exemption --reference TEXT --from DATE --until DATE`"
        }
        Noun::Remittance => {
            "no tax was remitted yet: `prorata tax remit --authority AUTHORITY --period YYYY-MM --reference TEXT --date DATE`"
        }
        Noun::Line | Noun::Statement => {
            "no bank statement was imported yet: `prorata bank import ACCOUNT FILE`"
        }
        Noun::Import => {
            "no register was imported yet: `prorata token import FILE --project PROJECT`"
        }
    }
}

/// Finds the name that is most like one that nothing has.
pub(crate) fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let wanted = name.to_lowercase().replace(['-', ' '], "_");
    let begun = known.iter().filter(|known| known.starts_with(&wanted));
    let like = || {
        let distance = |known: &&&str| strsim::damerau_levenshtein(&wanted, known);
        known
            .iter()
            .min_by_key(distance)
            .filter(|known| distance(known) * 3 <= wanted.len().max(3))
    };
    let held = || known.iter().find(|known| known.contains(&wanted));
    begun
        .min_by_key(|known| known.len())
        .or_else(like)
        .or_else(held)
        .copied()
}
