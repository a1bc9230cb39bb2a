//! Numbers with a noun, in the right number.

/// A thing that is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Noun {
    /// For one of it.
    pub(crate) one: &'static str,
    /// For any other number.
    pub(crate) many: &'static str,
}

const fn noun(one: &'static str, many: &'static str) -> Noun {
    Noun { one, many }
}

pub(crate) const ACCOUNT: Noun = noun("account", "accounts");
pub(crate) const ALLOCATION: Noun = noun("allocation", "allocations");
pub(crate) const APPROVED_EVENT: Noun = noun("approved event", "approved events");
pub(crate) const BALANCE: Noun = noun("balance", "balances");
pub(crate) const BANK_ACCOUNT: Noun = noun("bank account", "bank accounts");
pub(crate) const CERTIFICATE: Noun = noun("certificate", "certificates");
pub(crate) const COMPONENT: Noun = noun("component", "components");
pub(crate) const ENTRY: Noun = noun("entry", "entries");
pub(crate) const EVENT: Noun = noun("event", "events");
pub(crate) const EXCLUSION: Noun = noun("exclusion", "exclusions");
pub(crate) const HIDDEN: Noun = noun(
    "character that cannot be seen",
    "characters that cannot be seen",
);
pub(crate) const EXCEPTION: Noun = noun("exception", "exceptions");
pub(crate) const HOLDER: Noun = noun("holder", "holders");
pub(crate) const IMPORT: Noun = noun("import", "imports");
pub(crate) const LINE: Noun = noun("line", "lines");
pub(crate) const MOVEMENT: Noun = noun("movement", "movements");
pub(crate) const NEW_LINE: Noun = noun("new line", "new lines");
pub(crate) const PAYMENT: Noun = noun("payment", "payments");
pub(crate) const PAYMENT_FILE: Noun = noun("payment file", "payment files");
pub(crate) const PROJECT: Noun = noun("project", "projects");
pub(crate) const PROPOSAL: Noun = noun("proposal", "proposals");
pub(crate) const REMITTANCE: Noun = noun("remittance", "remittances");
pub(crate) const RESERVE: Noun = noun("reserve", "reserves");
pub(crate) const ROW: Noun = noun("row", "rows");
pub(crate) const RULE: Noun = noun("rule", "rules");
pub(crate) const STATEMENT: Noun = noun("statement", "statements");
pub(crate) const TAX: Noun = noun("tax", "taxes");
pub(crate) const TAX_ITEM: Noun = noun("item", "items");
pub(crate) const THING: Noun = noun("thing", "things");
pub(crate) const USER: Noun = noun("user", "users");
pub(crate) const VALUE: Noun = noun("value", "values");
pub(crate) const WITHDRAWAL: Noun = noun("withdrawal", "withdrawals");

impl Noun {
    /// Says how many there are: `1 entry`, `2 entries`.
    pub(crate) fn count(self, number: impl TryInto<u64>) -> String {
        let number = number.try_into().unwrap_or(u64::MAX);
        let noun = if number == 1 { self.one } else { self.many };
        format!("{number} {noun}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_of_a_thing_is_in_the_singular() {
        let counts: Vec<String> = [0_u64, 1, 2, 11].map(|number| ENTRY.count(number)).into();
        assert_eq!(counts, ["0 entries", "1 entry", "2 entries", "11 entries"]);
    }
}
