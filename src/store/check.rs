//! Re-deriving every sum of the ledger from its sources.

use std::collections::HashMap;

use super::{AsOf, Error, EventFilter, Tx, WithdrawalFilter, open};
use crate::domain::{
    allocation::{Balance, Movement, allocate, percentages},
    event::{Event, EventStatus, Share, calculation_hash},
    id::{AllocationId, ProjectId},
    payment::PaymentState,
    quantity::{Amount, Percent, Tokens, Total},
    token::{Flow, check_balances, check_supply},
    withdrawal::{State, Withdrawal},
};

/// One check and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The check's stable name.
    pub name: &'static str,
    /// What does not add up; empty where all does.
    pub findings: Vec<String>,
    /// What was looked at.
    pub looked_at: String,
}

/// What an allocation's withdrawals use of it.
#[derive(Default)]
struct Used {
    withdrawn: i128,
    pending: i128,
}

impl Tx<'_> {
    /// Runs every check.
    ///
    /// Memory: 32 bytes per row of the ledger for the trail, and what one event's allocations need.
    ///
    /// # Errors
    /// What the file refuses; what does not add up is a finding.
    pub fn check(&mut self) -> Result<Vec<Check>, Error> {
        let integrity = self.check_integrity()?;
        // A cell that breaks a constraint can still be read, so that everything else is told as well.
        let readable = ["CHECK constraint failed", "NULL value in", "TEXT value in", "NUMERIC value in", "non-unique entry"];
        let sound = integrity.findings.iter().all(|finding| readable.iter().any(|start| finding.starts_with(start)));
        let mut checks = vec![integrity];
        // Where tables are no longer what this program made, nothing else can be asked of them: the trail's check says so.
        let edited = open::schema(self.conn)? != open::expected_schema(self.conn)?;
        if !edited {
            checks.push(self.check_foreign_keys()?);
        }
        if sound {
            checks.push(self.check_trail()?);
        }
        if edited || !sound {
            return Ok(checks);
        }
        checks.push(unreadable("register", self.check_register())?);
        let sums = self.used_by_allocation().and_then(|used| self.check_events(&used));
        checks.push(unreadable("sums", sums)?);
        checks.push(unreadable("payments", self.check_payments())?);
        checks.push(unreadable("bank", self.check_bank())?);
        Ok(checks)
    }

    fn check_integrity(&mut self) -> Result<Check, Error> {
        let mut statement = self.conn.prepare("PRAGMA integrity_check(100)")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        let findings = rows.into_iter().filter(|line| line != "ok").collect();
        let pages: i64 = self.conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
        Ok(Check { name: "file_integrity", findings, looked_at: counted(pages, "page") })
    }

    fn check_foreign_keys(&mut self) -> Result<Check, Error> {
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        let rows = statement.query_map([], |row| {
            let (table, number, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("row {} of `{table}` names a row of `{parent}` that is not there", number.unwrap_or_default()))
        })?;
        let findings = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(Check { name: "foreign_keys", findings, looked_at: "every reference".to_owned() })
    }

    fn check_trail(&mut self) -> Result<Check, Error> {
        let verified = self.verify(None)?;
        let findings = verified.findings.into_iter().map(|finding| {
            let place = finding.table.zip(finding.row).map(|(table, row)| format!("`{table}` {row}: "));
            format!("{}{}", place.unwrap_or_default(), finding.detail)
        });
        Ok(Check {
            name: "audit_trail",
            findings: findings.collect(),
            looked_at: format!(
                "{} and every row",
                if verified.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", verified.entries) }
            ),
        })
    }

    /// No balance is ever negative, and what is outstanding is what the entries say.
    fn check_register(&mut self) -> Result<Check, Error> {
        const PARTIES: &str =
            "SELECT DISTINCT project_id, from_holder_id FROM token_entries WHERE from_holder_id IS NOT NULL";
        let mut findings = Vec::new();
        let mut statement = self.conn.prepare(PARTIES)?;
        let givers = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<Vec<_>, _>>()?;
        for (project, holder) in givers {
            let flows: Vec<(_, Flow)> = self.flows(project, holder)?;
            let holder = self.holder_by_id(holder)?;
            if let Err(refused) = check_balances(&holder.holder.code, flows) {
                findings.push(refused.to_string());
            }
        }
        let projects = self.projects(AsOf::Now)?;
        for project in &projects {
            let (issued, redeemed) = self.issued_and_redeemed(project.project.id)?;
            let kept = self.supply(project.project.id)?;
            if (kept.issued, kept.redeemed) != (issued, redeemed) {
                findings.push(format!(
                    "the tokens noted as issued and redeemed in `{}` are not its entries' sums",
                    project.project.code
                ));
            }
            if kept.may_be_too_large() {
                let flows = self.supply_flows(project.project.id)?;
                findings.extend(check_supply(&project.project.code, flows).err().map(|refused| refused.to_string()));
            }
        }
        Ok(Check { name: "register", findings, looked_at: counted(projects.len(), "project") })
    }

    fn issued_and_redeemed(&mut self, project: ProjectId) -> Result<(Total, Total), Error> {
        const ENTRIES: &str = "SELECT kind, tokens FROM token_entries WHERE project_id = ?1 AND kind <> 'transfer'";
        let mut statement = self.conn.prepare(ENTRIES)?;
        let mut rows = statement.query([project])?;
        let (mut issued, mut redeemed) = (Total::ZERO, Total::ZERO);
        while let Some(row) = rows.next()? {
            let tokens: Tokens = row.get(1)?;
            let sum = if row.get_ref(0)?.as_str().ok() == Some("issue") { &mut issued } else { &mut redeemed };
            *sum = sum.checked_add(tokens.widen()).ok_or_else(|| Error::bug("a register's entries add up to too much"))?;
        }
        Ok((issued, redeemed))
    }

    fn used_by_allocation(&mut self) -> Result<HashMap<AllocationId, Used>, Error> {
        let mut used: HashMap<AllocationId, Used> = HashMap::new();
        self.each_withdrawal(&WithdrawalFilter::default(), AsOf::Now, |withdrawal: Withdrawal| {
            match &withdrawal.state {
                State::Pending | State::Approved(_) => {
                    used.entry(withdrawal.allocation_id).or_default().pending += withdrawal.amount.units();
                }
                State::Paid(_, paid) => used.entry(withdrawal.allocation_id).or_default().withdrawn += paid.amount.units(),
                State::Rejected(..) | State::Cancelled(..) | State::Returned(..) => {}
            }
            Ok::<_, Error>(())
        })?;
        Ok(used)
    }

    /// Each allocation follows from the rule and its withdrawals, and each event is the sum of its allocations.
    fn check_events(&mut self, used: &HashMap<AllocationId, Used>) -> Result<Check, Error> {
        let mut findings = Vec::new();
        let mut allocations = 0_usize;
        let events = self.events(&EventFilter::default(), AsOf::Now)?;
        for event in &events {
            allocations += self.check_event(event, used, &mut findings)?;
        }
        let looked_at = format!("{}, {}", counted(events.len(), "event"), counted(allocations, "allocation"));
        Ok(Check { name: "sums", findings, looked_at })
    }

    fn check_event(
        &mut self,
        event: &Event,
        used: &HashMap<AllocationId, Used>,
        findings: &mut Vec<String>,
    ) -> Result<usize, Error> {
        let code = &event.event.code;
        let mut shares: Vec<Share> = Vec::new();
        let (mut withdrawn, mut pending) = (0_i128, 0_i128);
        self.each_allocation(&event.event, AsOf::Now, |allocation| {
            let balance = allocation.balance;
            let sums = used.get(&allocation.id).map_or((0, 0), |sums| (sums.withdrawn, sums.pending));
            if (balance.withdrawn().units(), balance.pending().units()) != sums {
                let holder = &allocation.holder.code;
                findings.push(format!("the allocation of `{holder}` in `{code}` is not the sum of its withdrawals"));
            }
            withdrawn += balance.withdrawn().units();
            pending += balance.pending().units();
            shares.push(Share {
                holder: allocation.holder,
                tokens: allocation.tokens,
                percentage: allocation.percentage,
                amount: balance.allocated(),
            });
            Ok::<_, Error>(())
        })?;
        if (event.balance.withdrawn().units(), event.balance.pending().units()) != (withdrawn, pending) {
            findings.push(format!("paid and pending of `{code}` are not the sums of its allocations"));
        }
        check_shares(event, &mut shares, findings);
        Ok(shares.len())
    }

    /// Each payment agrees with the withdrawal that it pays, and each paid withdrawal has its payment.
    fn check_payments(&mut self) -> Result<Check, Error> {
        const PAID: &str = "SELECT count(*) FROM withdrawal_requests WHERE status IN ('paid', 'returned')";
        let mut findings = Vec::new();
        let mut payments = 0_i64;
        let mut reader = Tx::over(self.conn);
        self.each_payment(&super::PaymentFilter::default(), AsOf::Now, |payment| {
            payments += 1;
            let withdrawal = reader.withdrawal(payment.withdrawal.number())?;
            let agrees = match (&payment.state, &withdrawal.state) {
                (PaymentState::Recorded | PaymentState::Reconciled, State::Paid(_, facts))
                | (PaymentState::Returned { .. }, State::Returned(_, facts, _)) => *facts == payment.facts,
                (PaymentState::Recorded | PaymentState::Reconciled | PaymentState::Returned { .. }, _) => false,
            };
            if !agrees {
                findings.push(format!("payment {} and withdrawal {} disagree", payment.number, payment.withdrawal));
            }
            Ok::<_, Error>(())
        })?;
        let paid: i64 = self.conn.query_row(PAID, [], |row| row.get(0))?;
        if paid != payments {
            findings.push(format!("{paid} withdrawals are paid or returned, but {payments} payments stand"));
        }
        Ok(Check { name: "payments", findings, looked_at: counted(payments, "payment") })
    }
}

/// Tells a row that cannot be read as a finding: whatever wrote it was not this program.
fn unreadable(name: &'static str, check: Result<Check, Error>) -> Result<Check, Error> {
    match check {
        Err(error @ (Error::Damaged { .. } | Error::BadRow { .. })) => {
            Ok(Check { name, findings: vec![error.to_string()], looked_at: "as far as it can be read".to_owned() })
        }
        Ok(_) | Err(_) => check,
    }
}

/// Checks that the allocations are what the rule gives for the tokens held, and that their hash is the approved one.
fn check_shares(event: &Event, shares: &mut [Share], findings: &mut Vec<String>) {
    let code = &event.event.code;
    let Some(calculation) = event.state.calculation() else {
        if !shares.is_empty() {
            findings.push(format!("`{code}` has allocations and was never calculated"));
        }
        return;
    };
    shares.sort_unstable_by(|a, b| a.holder.code.cmp(&b.holder.code));
    let tokens: Vec<Tokens> = shares.iter().map(|share| share.tokens).collect();
    let amounts: Vec<Amount> = shares.iter().map(|share| share.amount).collect();
    let parts: Vec<Percent> = shares.iter().map(|share| share.percentage).collect();
    if allocate(event.total_amount, event.unit, &tokens).as_ref() != Some(&amounts) {
        findings.push(format!("the allocations of `{code}` are not what the rule gives"));
    }
    if percentages(&tokens).as_ref() != Some(&parts) {
        findings.push(format!("the percentages of `{code}` are not what the rule gives"));
    }
    let sum: Option<Total> = amounts.iter().copied().sum();
    if sum != Some(event.total_amount.widen()) || event.balance.allocated() != event.total_amount {
        findings.push(format!("the allocations of `{code}` do not sum to its total"));
    }
    if calculation_hash(event, calculation.total_tokens, calculation.nav, shares.iter()) != calculation.hash {
        findings.push(format!("the calculation hash of `{code}` does not fit its inputs and allocations"));
    }
    let settled = event.balance.after(Movement::Hold(Amount::ZERO)).is_some_and(Balance::is_paid_out);
    let completed = event.status() == EventStatus::Completed;
    if settled != completed {
        findings.push(format!(
            "`{code}` is {} although {}",
            event.status(),
            if settled { "all of it is paid" } else { "not all of it is paid" }
        ));
    }
}

/// Says how many of something were looked at.
pub(super) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {noun}"),
        Ok(number) => format!("{number} {noun}s"),
        Err(_) => format!("{noun}s"),
    }
}
