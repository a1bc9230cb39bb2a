//! Rules about bank lines in the ledger.

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, FromRow as _, Row, columns, insert, update},
};
use crate::domain::{
    bank_rule::{AccountRule, NewBankRule, RuleRemoval},
    code::ProposalNumber,
    event::Approval,
    id::{AccountRef, BankAccountId, BankRuleId},
    matching::{BankRule, RuleText},
};

columns! {
    const COLUMNS, fn read: AccountRule {
        number: "r.number",
        account: (AccountRef { id: "r.bank_account_id", code: "b.code" }),
        currency: "b.currency",
        rule: (BankRule {
            proposal: "r.proposal_number",
            text: ("r.text" => read_text),
            kind: "r.kind",
            at_most: "r.at_most",
            last_day: "r.removed_on",
        }),
        proposed_by: "q.proposed_by",
        approved: (Approval { by: "r.created_by", at: "r.created_at" }),
        removed: ("r.removed_by, r.removed_at, r.removal_reason" => read_removal),
    }
}

const FROM: &str = "FROM bank_rules r JOIN bank_accounts b ON b.id = r.bank_account_id
    JOIN proposals q ON q.number = r.proposal_number";

fn read_text(row: &mut Row<'_>, _codes: &Codes) -> Result<RuleText, Error> {
    row.next().map(RuleText::from_stored)
}

fn read_removal(row: &mut Row<'_>, codes: &Codes) -> Result<Option<RuleRemoval>, Error> {
    let removed = Option::<Approval>::from_row(row, codes)?;
    let reason = row.next()?;
    Ok(removed.map(|removed| RuleRemoval { removed, reason }))
}

impl Tx<'_> {
    /// Reads the rules of an account as of a day, in the order in which they came, those that were
    /// removed too; there are few.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn bank_rules(
        &mut self,
        account: BankAccountId,
        as_of: AsOf,
    ) -> Result<Vec<AccountRule>, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE r.bank_account_id = ?1 ORDER BY r.number");
        let rules = self.db.query(&sql, [account], |row| read(row, &codes))?;
        Ok(match as_of {
            AsOf::Now => rules,
            AsOf::At(at) => rules
                .into_iter()
                .filter_map(|rule| rule.as_of(at))
                .collect(),
        })
    }

    /// Reads the rule that a proposal made, if it made one.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn rule_of_proposal(&mut self, proposal: i64) -> Result<Option<AccountRule>, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE r.proposal_number = ?1");
        self.db
            .query_optional(&sql, [proposal], |row| read(row, &codes))
    }
}

impl WriteTx<'_> {
    /// Adds the rule of a proposal that the acting user approved.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_bank_rule(
        &mut self,
        proposal: ProposalNumber,
        rule: &NewBankRule,
    ) -> Result<(), Error> {
        insert!(self.db, "bank_rules" {
            "id": self.ids.make::<BankRuleId>(),
            "proposal_number": proposal,
            "bank_account_id": rule.account,
            "text": rule.text.as_str(),
            "kind": rule.kind,
            "at_most": rule.at_most,
            "created_by": self.actor.user.id,
            "created_at": self.now,
        })
        .map(|_| ())
    }

    /// Removes a rule: it counts for lines booked up to today.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn remove_bank_rule(
        &mut self,
        rule: &AccountRule,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        self.keep_before("bank_rules", "number", rule.number)?;
        update!(self.db, "bank_rules" set {
            "removed_by": self.actor.user.id,
            "removed_at": self.now,
            "removed_on": self.today,
            "removal_reason": reason,
        } where { "number": rule.number })
    }
}
