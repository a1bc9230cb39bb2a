//! The classes of bank lines and withdrawals that no link holds, as each reconciliation found them.

use std::collections::BTreeMap;

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, FromSql, Row, columns, insert},
};
use crate::domain::{
    bank::{BankLine, LineClassification},
    code::{LineNumber, PaymentNumber, ProposalNumber, RemittanceNumber, WithdrawalNumber},
    id::BankAccountId,
    matching::{ChargeKind, Class, Classification},
    time::Instant,
};

/// A line or a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// A line.
    Line(LineNumber),
    /// A withdrawal.
    Withdrawal(WithdrawalNumber),
}

/// The class of a line or a withdrawal, what it concerns, why, and since when.
pub(super) struct DatedClass {
    pub(super) class: Class,
    pub(super) concerns: Concerns,
    pub(super) detail: Option<String>,
    pub(super) since: Instant,
    /// The rule that explains a line, by its proposal, and what it takes the line for.
    pub(super) rule: Option<(ProposalNumber, ChargeKind)>,
}

/// The lines, withdrawals and remittances that a class concerns, as its row keeps them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Concerns {
    pub(super) lines: Vec<LineNumber>,
    pub(super) withdrawals: Vec<WithdrawalNumber>,
    /// Most concern none, and say nothing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) remittances: Vec<RemittanceNumber>,
}

columns! {
    const COLUMNS, fn read: DatedClass {
        class: "s.class",
        concerns: ("s.concerns" => read_concerns),
        detail: "s.detail",
        since: "s.since",
        rule: ("s.rule_proposal, (SELECT r.kind FROM bank_rules r WHERE r.proposal_number = s.rule_proposal)" => read_rule),
    }
}

fn read_concerns(row: &mut Row<'_>, _codes: &Codes) -> Result<Concerns, Error> {
    let concerns: String = row.next()?;
    serde_json::from_str(&concerns).map_err(|error| Error::Damaged {
        detail: format!("what a row of `bank_classes` concerns cannot be read: {error}"),
    })
}

fn read_rule(
    row: &mut Row<'_>,
    _codes: &Codes,
) -> Result<Option<(ProposalNumber, ChargeKind)>, Error> {
    let (rule, kind): (Option<ProposalNumber>, Option<ChargeKind>) = (row.next()?, row.next()?);
    Ok(rule.zip(kind))
}

impl From<DatedClass> for Classification {
    fn from(dated: DatedClass) -> Self {
        Self {
            class: dated.class,
            lines: dated.concerns.lines,
            withdrawals: dated.concerns.withdrawals,
            remittances: dated.concerns.remittances,
            detail: dated.detail,
            rule: dated.rule.map(|(rule, _)| rule),
        }
    }
}

impl Member {
    const fn column(self) -> &'static str {
        match self {
            Self::Line(_) => "line_number",
            Self::Withdrawal(_) => "withdrawal_number",
        }
    }

    const fn number(self) -> i64 {
        match self {
            Self::Line(line) => line.number(),
            Self::Withdrawal(withdrawal) => withdrawal.number(),
        }
    }
}

impl Tx<'_> {
    /// Reads the class that the last reconciliation of an account gave a line or a withdrawal; of
    /// all accounts if none is named.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn class_of(
        &mut self,
        who: Member,
        account: Option<BankAccountId>,
    ) -> Result<Option<Classification>, Error> {
        let class = self.last_class(who, account, AsOf::Now)?;
        Ok(class.map(Classification::from))
    }

    /// Reads the class of each line that no payment, return or remittance is matched with, as the last
    /// run over an account left it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn line_classes(
        &mut self,
        account: BankAccountId,
    ) -> Result<BTreeMap<LineNumber, Classification>, Error> {
        let held =
            "SELECT 1 FROM bank_match_lines x JOIN bank_matches m ON m.number = x.match_number
            WHERE x.line_number = s.line_number AND x.live = 1 AND m.matched_at IS NOT NULL
              AND m.kind IN ('payment', 'return', 'remittance')";
        self.last_classes(account, "line_number", held)
    }

    /// Reads the class of each withdrawal that no decided match holds, as the last run over an
    /// account left it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_classes(
        &mut self,
        account: BankAccountId,
    ) -> Result<BTreeMap<WithdrawalNumber, Classification>, Error> {
        let held = "SELECT 1 FROM bank_match_withdrawals x JOIN bank_matches m ON m.number = x.match_number
            WHERE x.withdrawal_number = s.withdrawal_number AND x.kind = 'payment' AND x.live = 1
              AND m.matched_at IS NOT NULL";
        self.last_classes(account, "withdrawal_number", held)
    }

    fn last_classes<K: Ord + FromSql>(
        &self,
        account: BankAccountId,
        column: &str,
        held: &str,
    ) -> Result<BTreeMap<K, Classification>, Error> {
        let sql = format!(
            "SELECT {COLUMNS}, s.{column} FROM bank_classes s
             WHERE s.bank_account_id = ?1 AND s.{column} IS NOT NULL AND NOT EXISTS ({held})
               AND NOT EXISTS (SELECT 1 FROM bank_classes n WHERE n.{column} = s.{column}
                               AND n.bank_account_id = s.bank_account_id AND n.number > s.number)"
        );
        let codes = Codes::default();
        let mut classes = BTreeMap::new();
        self.db.each(&sql, [account], |row| {
            let class = read(row, &codes)?;
            classes.insert(row.next()?, class.into());
            Ok::<_, Error>(())
        })?;
        Ok(classes)
    }

    /// Reads the last class of a line or a withdrawal.
    pub(super) fn last_class(
        &self,
        who: Member,
        account: Option<BankAccountId>,
        as_of: AsOf,
    ) -> Result<Option<DatedClass>, Error> {
        // Of several accounts the one that shows most against a withdrawal counts: nothing but no
        // line, or no row, is least.
        let which = who.column();
        let sql = format!(
            "SELECT {COLUMNS} FROM bank_classes s
             WHERE s.{which} = ?1 AND (?2 IS NULL OR s.since <= ?2) AND (?3 IS NULL OR s.bank_account_id = ?3)
               AND NOT EXISTS (SELECT 1 FROM bank_classes n WHERE n.{which} = ?1 AND n.bank_account_id = s.bank_account_id
                               AND n.number > s.number AND (?2 IS NULL OR n.since <= ?2))
             ORDER BY s.class IN ('awaited', 'paid_not_on_bank', 'sent_not_on_bank'), s.number DESC LIMIT 1"
        );
        let values = (who.number(), as_of.instant(), account);
        let codes = Codes::default();
        self.db
            .query_optional(&sql, values, |row| read(row, &codes))
    }

    /// Puts a line that no match holds where the last run put it, if there was one.
    pub(super) fn class_by_reconciliation(
        &self,
        line: &mut BankLine,
        as_of: AsOf,
    ) -> Result<(), Error> {
        let Some(class) = self.last_class(Member::Line(line.number), None, as_of)? else {
            return Ok(());
        };
        let mut payments = Vec::with_capacity(class.concerns.withdrawals.len());
        for withdrawal in class.concerns.withdrawals {
            payments.push((withdrawal, self.payment_of(withdrawal, as_of)?));
        }
        line.classification = LineClassification {
            class: class.class,
            tier: None,
            link_kind: None,
            payments,
            lines: class.concerns.lines,
            remittances: class.concerns.remittances,
            detail: class.detail,
            since: Some(class.since),
            rule: class.rule.map(|(rule, _)| rule),
        };
        // The bank's words say less than the rule that two persons agreed to.
        if let Some((_, kind)) = class.rule {
            line.kind = kind.into();
        }
        Ok(())
    }

    fn payment_of(
        &self,
        withdrawal: WithdrawalNumber,
        as_of: AsOf,
    ) -> Result<Option<PaymentNumber>, Error> {
        const PAYMENT: &str = "SELECT y.number FROM withdrawal_requests w JOIN distribution_payments y
            ON y.withdrawal_request_id = w.id WHERE w.number = ?1 AND (?2 IS NULL OR y.paid_at <= ?2)";
        self.db
            .optional_value(PAYMENT, (withdrawal, as_of.instant()))
    }
}

impl WriteTx<'_> {
    /// Records the class of a line or a withdrawal that no link holds.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_class(
        &mut self,
        account: BankAccountId,
        who: Member,
        class: &Classification,
    ) -> Result<(), Error> {
        let (line, withdrawal) = match who {
            Member::Line(line) => (Some(line), None),
            Member::Withdrawal(withdrawal) => (None, Some(withdrawal)),
        };
        let concerns = Concerns {
            lines: class.lines.clone(),
            withdrawals: class.withdrawals.clone(),
            remittances: class.remittances.clone(),
        };
        let concerns =
            serde_json::to_string(&concerns).map_err(|error| Error::bug(error.to_string()))?;
        insert!(self.db, "bank_classes" {
            "line_number": line,
            "withdrawal_number": withdrawal,
            "bank_account_id": account,
            "class": class.class,
            "concerns": concerns,
            "detail": class.detail,
            "rule_proposal": class.rule,
            "since": self.now,
        })
        .map(|_| ())
    }
}
