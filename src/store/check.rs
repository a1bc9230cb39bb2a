//! Re-deriving every sum of the ledger from its sources.

use rusqlite::Connection;

use super::{
    AsOf, Error, EventFilter, Tx, Verification,
    check_sums::{Codes, UsedByAllocation, summed_up},
    inspection::{Inspection, Seen},
    open,
    twin::{Job, side_by_side},
    verify::{Found, Proof},
};
use crate::domain::{
    id::ProjectId,
    payment::PaymentState,
    quantity::{Tokens, Total},
    token::{Flow, check_balances, check_supply},
    withdrawal::State,
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

impl Tx<'_> {
    /// Runs every check, two at a time where the machine has two processors.
    ///
    /// Memory: 32 bytes per row of the ledger for the trail, some 100 bytes per holder, withdrawal and link, and what
    /// the allocations of two events need.
    ///
    /// # Errors
    /// What the file refuses; what does not add up is a finding.
    pub fn check(&mut self) -> Result<Vec<Check>, Error> {
        let as_made = open::schema(self.conn).and_then(|schema| Ok(schema == open::expected_schema(self.conn)?));
        let looked = matches!(as_made, Ok(true)).then(|| Looked::at(self.conn));
        // What SQLite's own checks take minutes for was seen in passing. They are run where anything was not as it should be.
        let plain = matches!(&looked, Some(Ok(looked)) if looked.is_sound);
        let integrity = if plain { Vec::new() } else { self.broken_pages_and_rows()? };
        // A cell that breaks a constraint can still be read, so that everything else is told as well.
        let readable = ["CHECK constraint failed", "NULL value in", "TEXT value in", "NUMERIC value in", "non-unique entry"];
        let sound = integrity.iter().all(|finding| readable.iter().any(|start| finding.starts_with(start)));
        let pages: i64 = self.conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let mut checks = vec![Check { name: "file_integrity", findings: integrity, looked_at: counted(pages, "page") }];
        // Where tables are no longer what this program made, nothing else can be asked of them: the trail's check says so.
        let as_made = as_made?;
        if as_made {
            let findings = if plain { Vec::new() } else { self.broken_references()? };
            checks.push(Check { name: "foreign_keys", findings, looked_at: "every reference".to_owned() });
        }
        match looked {
            Some(_) | None if !sound => {}
            Some(looked) => {
                let looked = looked?;
                checks.push(trail(looked.trail?));
                for (name, check) in looked.checks {
                    checks.push(unreadable(name, check)?);
                }
            }
            None => checks.push(trail(self.verify(None)?)),
        }
        Ok(checks)
    }

    fn broken_pages_and_rows(&mut self) -> Result<Vec<String>, Error> {
        let mut statement = self.conn.prepare("PRAGMA integrity_check(100)")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().filter(|line| line != "ok").collect())
    }

    fn broken_references(&mut self) -> Result<Vec<String>, Error> {
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        let rows = statement.query_map([], |row| {
            let (table, number, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("row {} of `{table}` names a row of `{parent}` that is not there", number.unwrap_or_default()))
        })?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
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

fn trail(verified: Verification) -> Check {
    let findings = verified.findings.into_iter().map(|finding| {
        let place = finding.table.zip(finding.row).map(|(table, row)| format!("`{table}` {row}: "));
        format!("{}{}", place.unwrap_or_default(), finding.detail)
    });
    let entries = if verified.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", verified.entries) };
    Check { name: "audit_trail", findings: findings.collect(), looked_at: format!("{entries} and every row") }
}

/// What one reading of the ledger showed, by two threads.
struct Looked {
    /// Whether SQLite's own checks would find nothing.
    is_sound: bool,
    trail: Result<Verification, Error>,
    /// The other checks by their names, in the order in which they are told.
    checks: Vec<(&'static str, Result<Check, Error>)>,
}

/// What a part of the reading ended with.
enum Done {
    Began(Result<Option<Proof>, Error>),
    Used(Result<UsedByAllocation, Error>),
    Codes(Result<Codes, Error>),
    Look(Result<Seen, Error>),
    Trail(Result<Found, Error>),
    Event(Result<(usize, Vec<String>), Error>),
    Check(&'static str, Result<Check, Error>),
}

impl Looked {
    fn at(conn: &Connection) -> Result<Self, Error> {
        let inspection = Inspection::of(conn)?;
        let look = &inspection;
        let mut proof = Err(Error::bug("the trail's proof did not begin"));
        let mut used = Err(Error::bug("the withdrawals were not read"));
        let mut codes = Err(Error::bug("the holders were not read"));
        let first: Vec<Job<'_, Done>> = vec![
            Box::new(|conn| Done::Began(Proof::begin(conn, Some(look)))),
            Box::new(|conn| Done::Used(Tx::over(conn).used_by_allocation())),
            Box::new(|conn| Done::Codes(Tx::over(conn).holder_codes())),
        ];
        for done in side_by_side(conn, first) {
            match done {
                Done::Began(began) => proof = began,
                Done::Used(read) => used = read,
                Done::Codes(read) => codes = read,
                Done::Look(_) | Done::Trail(_) | Done::Event(_) | Done::Check(..) => {}
            }
        }
        let mut proof = proof?.ok_or_else(|| Error::bug("the schema is as made, and is not"))?;
        let known = used.and_then(|used| Ok((used, codes?)));
        let events = known.and_then(|known| Ok((Tx::over(conn).events(&EventFilter::default(), AsOf::Now)?, known)));
        // What takes long comes first, so that both threads end at the same time.
        let parts = inspection.parts();
        let mut jobs: Vec<Job<'_, Done>> = Vec::new();
        for part in &parts {
            jobs.push(Box::new(|conn| Done::Look(look.part(conn, part))));
        }
        jobs.push(Box::new(|conn| Done::Check("payments", Tx::over(conn).check_payments())));
        jobs.push(Box::new(|conn| Done::Check("bank", Tx::over(conn).check_bank())));
        jobs.push(Box::new(|conn| Done::Check("register", Tx::over(conn).check_register())));
        for (event, (used, codes)) in
            events.iter().flat_map(|(events, known)| events.iter().map(move |event| (event, known)))
        {
            jobs.push(Box::new(move |conn| Done::Event(Tx::over(conn).check_event(event, used, codes))));
        }
        proof.jobs(None, Some(look), |job| Box::new(|conn| Done::Trail(job(conn))), &mut jobs);
        let done = side_by_side(conn, jobs);
        Ok(Self::put_together(done, &inspection, proof, events.map(|(events, _)| events.len())))
    }

    fn put_together(done: Vec<Done>, look: &Inspection, proof: Proof, events: Result<usize, Error>) -> Self {
        let mut seen = look.begin();
        let (mut of_trail, mut of_events, mut checks) = (Vec::new(), Vec::new(), Vec::new());
        for done in done {
            match done {
                Done::Look(look) => seen.add_or_doubt(look.as_ref().ok()),
                Done::Trail(found) => of_trail.push(found),
                Done::Event(found) => of_events.push(found),
                Done::Check(name, check) => checks.push((name, check)),
                Done::Began(_) | Done::Used(_) | Done::Codes(_) => {}
            }
        }
        let trail = proof.conclude(of_trail, &mut seen);
        let sums = events.and_then(|events| summed_up(events, of_events));
        checks.push(("sums", sums));
        checks.sort_by_key(|(name, _)| ["register", "sums", "payments", "bank"].iter().position(|known| known == name));
        Self { is_sound: trail.is_ok() && seen.is_sound(), trail, checks }
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

/// Says how many of something were looked at.
pub(super) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {noun}"),
        Ok(number) => format!("{number} {noun}s"),
        Err(_) => format!("{noun}s"),
    }
}
