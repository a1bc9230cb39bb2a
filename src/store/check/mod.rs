//! Re-deriving every sum of the ledger from its sources.

mod bank;
mod indexes;
pub(in crate::store) mod inspection;
mod rules;
mod structure;
mod sums;
mod there;

use rusqlite::Connection;

use self::{
    bank::Lines,
    inspection::{Inspection, Seen},
    sums::{Known, Summed, Sums, Uses},
};
use super::{
    AsOf, Error, Tx,
    file::{
        twin::{Job, side_by_side},
        versions,
    },
    trail::verify::{ALLOCATIONS, Found, LINES, Part, Proof, WITHDRAWALS},
};
use crate::domain::{
    check::{Check, Verification},
    code::{PaymentNumber, WithdrawalNumber},
    id::ProjectId,
    quantity::{Tokens, Total},
    token::{Flow, check_balances, check_supply},
};

impl Tx<'_> {
    /// Runs every check, two at a time where the machine has two processors.
    ///
    /// Memory: 32 bytes per row of the ledger for the trail, some 100 bytes per holder, withdrawal
    /// and link, and what the allocations of two events need.
    ///
    /// # Errors
    /// What the file refuses; what does not add up is a finding.
    pub fn check(&mut self) -> Result<Vec<Check>, Error> {
        let as_made = versions::schema(self.conn)
            .and_then(|schema| Ok(schema == versions::expected_schema(self.conn)?));
        let looked = matches!(as_made, Ok(true)).then(|| Looked::at(self.conn));
        // What SQLite's own checks take minutes for was seen in passing. They are run where
        // anything was not as it should be.
        let plain = matches!(&looked, Some(Ok(looked)) if looked.is_sound);
        let integrity = if plain {
            Vec::new()
        } else {
            self.broken_pages_and_rows()?
        };
        // A cell that breaks a constraint can still be read, so that everything else is told as
        // well.
        let readable = [
            "CHECK constraint failed",
            "NULL value in",
            "TEXT value in",
            "NUMERIC value in",
            "non-unique entry",
        ];
        let sound = integrity
            .iter()
            .all(|finding| readable.iter().any(|start| finding.starts_with(start)));
        let pages: i64 = self
            .conn
            .pragma_query_value(None, "page_count", |row| row.get(0))?;
        let mut checks = vec![Check {
            name: "file_integrity",
            findings: integrity,
            looked_at: counted(pages, "page"),
        }];
        // Where tables are no longer what this program made, nothing else can be asked of them: the
        // trail's check says so.
        let as_made = as_made?;
        if as_made {
            let findings = if plain {
                Vec::new()
            } else {
                self.broken_references()?
            };
            checks.push(Check {
                name: "foreign_keys",
                findings,
                looked_at: "every reference".to_owned(),
            });
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
        let rows = statement
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(rows.into_iter().filter(|line| line != "ok").collect())
    }

    fn broken_references(&mut self) -> Result<Vec<String>, Error> {
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        let rows = statement.query_map([], |row| {
            let (table, number, parent): (String, Option<i64>, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!(
                "row {} of `{table}` names a row of `{parent}` that is not there",
                number.unwrap_or_default()
            ))
        })?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
    }

    /// No balance is ever negative, and what is outstanding is what the entries say.
    fn check_register(&mut self) -> Result<Check, Error> {
        const PARTIES: &str = "SELECT DISTINCT project_id, from_holder_id FROM token_entries WHERE from_holder_id IS NOT NULL";
        let mut findings = Vec::new();
        let mut statement = self.conn.prepare(PARTIES)?;
        let givers = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
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
                findings.extend(
                    check_supply(&project.project.code, flows)
                        .err()
                        .map(|refused| refused.to_string()),
                );
            }
        }
        Ok(Check {
            name: "register",
            findings,
            looked_at: counted(projects.len(), "project"),
        })
    }

    fn issued_and_redeemed(&mut self, project: ProjectId) -> Result<(Total, Total), Error> {
        const ENTRIES: &str =
            "SELECT kind, tokens FROM token_entries WHERE project_id = ?1 AND kind <> 'transfer'";
        let mut statement = self.conn.prepare(ENTRIES)?;
        let mut rows = statement.query([project])?;
        let (mut issued, mut redeemed) = (Total::ZERO, Total::ZERO);
        while let Some(row) = rows.next()? {
            let tokens: Tokens = row.get(1)?;
            let sum = if row.get_ref(0)?.as_str().ok() == Some("issue") {
                &mut issued
            } else {
                &mut redeemed
            };
            *sum = sum
                .checked_add(tokens.widen())
                .ok_or_else(|| Error::bug("a register's entries add up to too much"))?;
        }
        Ok((issued, redeemed))
    }

    /// Each payment agrees with the withdrawal that it pays, and each paid withdrawal has its
    /// payment. A payment that replaces another is of the same allocation.
    fn check_payments(&mut self) -> Result<Check, Error> {
        const DISAGREE: &str = "SELECT y.number, w.number FROM distribution_payments y
            LEFT JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
            LEFT JOIN distribution_payments r ON r.id = y.replaces_payment_id
            WHERE (w.status = CASE y.status WHEN 'returned' THEN 'returned' ELSE 'paid' END
              AND w.payment_reference = y.reference AND w.payment_date = y.payment_date AND w.payment_amount = y.amount
              AND w.currency = y.currency AND w.paid_by = y.paid_by AND w.paid_at = y.paid_at AND w.payment_notes IS y.notes
              AND w.distribution_allocation_id = y.distribution_allocation_id
              AND w.distribution_event_id = y.distribution_event_id AND w.lp_token_holder_id = y.lp_token_holder_id
              AND w.bank_name = y.bank_name AND w.bank_code IS y.bank_code AND w.account_number = y.account_number
              AND w.account_name IS y.account_name
              AND (y.replaces_payment_id IS NULL
                OR (r.status = 'returned' AND r.distribution_allocation_id = y.distribution_allocation_id))) IS NOT TRUE
            ORDER BY y.number";
        const PAYMENTS: &str = "SELECT count(*) FROM distribution_payments";
        const PAID: &str =
            "SELECT count(*) FROM withdrawal_requests WHERE status IN ('paid', 'returned')";
        let mut findings = Vec::new();
        let mut statement = self.conn.prepare(DISAGREE)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let payment = PaymentNumber::new(row.get(0)?);
            findings.push(
                match row.get::<_, Option<i64>>(1)?.map(WithdrawalNumber::new) {
                    Some(withdrawal) => {
                        format!("payment {payment} and withdrawal {withdrawal} disagree")
                    }
                    None => format!("payment {payment} pays no withdrawal"),
                },
            );
        }
        let count = |sql| self.conn.query_row(sql, [], |row| row.get::<_, i64>(0));
        let (payments, paid) = (count(PAYMENTS)?, count(PAID)?);
        if paid != payments {
            findings.push(format!(
                "{paid} withdrawals are paid or returned, but {payments} payments stand"
            ));
        }
        Ok(Check {
            name: "payments",
            findings,
            looked_at: counted(payments, "payment"),
        })
    }
}

fn trail(verified: Verification) -> Check {
    let findings = verified.findings.into_iter().map(|finding| {
        let place = finding
            .table
            .zip(finding.row)
            .map(|(table, row)| format!("`{table}` {row}: "));
        format!("{}{}", place.unwrap_or_default(), finding.detail)
    });
    let entries = if verified.entries == 1 {
        "1 entry".to_owned()
    } else {
        format!("{} entries", verified.entries)
    };
    Check {
        name: "audit_trail",
        findings: findings.collect(),
        looked_at: format!("{entries} and every row"),
    }
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
    Known(Result<Known, Error>),
    Look(Result<Seen, Error>),
    Chain(Result<Found, Error>),
    /// The rows of a part, by its place.
    Rows(usize, Result<Found, Error>, Meanwhile),
    Check(&'static str, Result<Check, Error>),
}

/// What was taken from rows while they were verified.
enum Meanwhile {
    Nothing,
    Used(Result<Uses, Error>),
    Summed(Result<Summed, Error>),
    Lines(Result<Lines, Error>),
}

impl Looked {
    /// Looks in three steps, since each rests on what the one before it read. In each of them what
    /// takes long comes first, so that both threads end at the same time.
    fn at(conn: &Connection) -> Result<Self, Error> {
        let inspection = Inspection::of(conn)?;
        let look = &inspection;
        let Begun {
            mut proof,
            known,
            mut done,
        } = Begun::read(conn, look)?;
        let chain = proof.chain(None);
        let rows = proof.parts(
            known
                .as_ref()
                .map(Known::last_allocations)
                .unwrap_or_default()
                .as_slice(),
        );
        let (structure, parts): (Vec<_>, Vec<_>) = inspection
            .parts()
            .into_iter()
            .partition(|part| matches!(part, inspection::Part::Structure));
        let mut jobs: Vec<Job<'_, Done>> =
            vec![Box::new(|conn| Done::Chain(chain.verify(conn, Some(look))))];
        jobs.extend(structure.iter().map(|part| looked(look, part)));
        let of = |table: &'static str| {
            rows.iter()
                .enumerate()
                .filter(move |(_, part)| part.table == table)
        };
        jobs.extend(of(WITHDRAWALS).map(|(place, part)| -> Job<'_, Done> {
            Box::new(move |conn| withdrawals_of(conn, place, part, look))
        }));
        done.extend(side_by_side(conn, jobs)?);
        // Allocations are held against what the withdrawals use of them.
        let known =
            known.and_then(|known| known.using(done.iter_mut().filter_map(Done::take_used)));
        let known_now = known.as_ref().ok();
        let mut jobs: Vec<Job<'_, Done>> = Vec::new();
        for (place, part) in of(ALLOCATIONS) {
            jobs.push(Box::new(move |conn| {
                allocations_of(conn, place, part, look, known_now)
            }));
        }
        jobs.push(Box::new(|conn| {
            Done::Check("bank", Tx::over(conn).check_bank())
        }));
        jobs.push(Box::new(|conn| {
            Done::Check("payments", Tx::over(conn).check_payments())
        }));
        jobs.extend(parts.iter().map(|part| looked(look, part)));
        for (place, part) in of(LINES) {
            jobs.push(Box::new(move |conn| lines_of(conn, place, part, look)));
        }
        for (place, part) in rows.iter().enumerate() {
            if ![WITHDRAWALS, ALLOCATIONS, LINES].contains(&part.table) {
                jobs.push(Box::new(move |conn| {
                    Done::Rows(
                        place,
                        part.verify(conn, Some(look), |_| {}),
                        Meanwhile::Nothing,
                    )
                }));
            }
        }
        done.extend(side_by_side(conn, jobs)?);
        Ok(Self::put_together(conn, done, &inspection, proof, known))
    }

    fn put_together(
        conn: &Connection,
        done: Vec<Done>,
        look: &Inspection,
        proof: Proof,
        known: Result<Known, Error>,
    ) -> Self {
        let mut seen = look.begin();
        let (mut of_chain, mut of_rows, mut checks) = (None, Vec::new(), Vec::new());
        let (mut of_events, mut of_lines) = (Vec::new(), Vec::new());
        for done in done {
            match done {
                Done::Look(look) => seen.add_or_doubt(look.as_ref().ok()),
                Done::Chain(found) => of_chain = Some(found),
                Done::Rows(place, found, meanwhile) => {
                    of_rows.push((place, found));
                    match meanwhile {
                        Meanwhile::Summed(summed) => of_events.push(summed),
                        Meanwhile::Lines(lines) => of_lines.push(lines),
                        Meanwhile::Used(_) | Meanwhile::Nothing => {}
                    }
                }
                Done::Check(name, check) => checks.push((name, check)),
                Done::Began(_) | Done::Known(_) => {}
            }
        }
        of_rows.sort_by_key(|(place, _)| *place);
        let trail = proof.conclude(
            of_chain
                .into_iter()
                .chain(of_rows.into_iter().map(|(_, found)| found)),
            &mut seen,
        );
        let sums = known.and_then(|known| known.summed_up(of_events));
        // The references of allocations, withdrawals and payments are followed by these checks.
        let followed = sums.as_ref().is_ok_and(|(_, whole)| *whole)
            && checks.iter().all(|(name, check)| {
                *name != "payments" || check.as_ref().is_ok_and(|check| check.findings.is_empty())
            });
        if !followed {
            seen.doubt();
        }
        checks.push(("sums", sums.map(|(check, _)| check)));
        if let Some(at) = checks.iter().position(|(name, _)| *name == "bank") {
            let (name, bank) = checks.swap_remove(at);
            checks.push((
                name,
                bank.and_then(|bank| Tx::over(conn).with_lines(bank, of_lines)),
            ));
        }
        checks.sort_by_key(|(name, _)| {
            ["register", "sums", "payments", "bank"]
                .iter()
                .position(|known| known == name)
        });
        Self {
            is_sound: trail.is_ok() && seen.is_sound(),
            trail,
            checks,
        }
    }
}

/// What all else is held against, and what was looked at meanwhile.
struct Begun {
    proof: Proof,
    known: Result<Known, Error>,
    done: Vec<Done>,
}

impl Begun {
    /// Reads what all else is held against, and looks at what needs none of it meanwhile.
    fn read(conn: &Connection, look: &Inspection) -> Result<Self, Error> {
        let jobs: Vec<Job<'_, Done>> = vec![
            Box::new(|conn| Done::Began(Proof::begin(conn, Some(look)))),
            Box::new(|conn| {
                Done::Known(
                    look.read_what_is_there(conn)
                        .and_then(|()| Known::read(&mut Tx::over(conn))),
                )
            }),
            Box::new(|conn| Done::Check("register", Tx::over(conn).check_register())),
        ];
        let (mut proof, mut known, mut others) = (
            None,
            Err(Error::bug("the events were not read")),
            Vec::new(),
        );
        for done in side_by_side(conn, jobs)? {
            match done {
                Done::Began(began) => proof = began?,
                Done::Known(read) => known = read,
                Done::Look(_) | Done::Chain(_) | Done::Rows(..) | Done::Check(..) => {
                    others.push(done)
                }
            }
        }
        let proof = proof.ok_or_else(|| Error::bug("the schema is as made, and is not"))?;
        Ok(Self {
            proof,
            known,
            done: others,
        })
    }
}

impl Done {
    fn take_used(&mut self) -> Option<Result<Uses, Error>> {
        match self {
            Self::Rows(_, _, meanwhile @ Meanwhile::Used(_)) => {
                match std::mem::replace(meanwhile, Meanwhile::Nothing) {
                    Meanwhile::Used(used) => Some(used),
                    Meanwhile::Nothing | Meanwhile::Summed(_) | Meanwhile::Lines(_) => None,
                }
            }
            Self::Rows(..)
            | Self::Began(_)
            | Self::Known(_)
            | Self::Look(_)
            | Self::Chain(_)
            | Self::Check(..) => None,
        }
    }
}

fn looked<'a>(look: &'a Inspection, part: &'a inspection::Part<'a>) -> Job<'a, Done> {
    Box::new(move |conn| Done::Look(look.part(conn, part)))
}

/// Verifies withdrawals, and takes what they use of allocations.
fn withdrawals_of(conn: &Connection, place: usize, part: &Part<'_>, look: &Inspection) -> Done {
    let mut uses = Uses::begin(conn);
    let found = part.verify(conn, Some(look), |values| {
        go_on(&mut uses, |uses| uses.add(values))
    });
    Done::Rows(place, found, Meanwhile::Used(uses))
}

/// Verifies lines of statements, and holds each against its identity.
fn lines_of(conn: &Connection, place: usize, part: &Part<'_>, look: &Inspection) -> Done {
    let mut lines = Lines::begin(conn);
    let found = part.verify(conn, Some(look), |values| {
        go_on(&mut lines, |lines| lines.add(values))
    });
    Done::Rows(place, found, Meanwhile::Lines(lines))
}

/// Verifies the allocations of an event, and adds them up.
fn allocations_of(
    conn: &Connection,
    place: usize,
    part: &Part<'_>,
    look: &Inspection,
    known: Option<&Known>,
) -> Done {
    let Some(known) = known else {
        return Done::Rows(
            place,
            part.verify(conn, Some(look), |_| {}),
            Meanwhile::Nothing,
        );
    };
    let mut sums = Ok(Sums::of(known.event_until(part.last), known));
    let found = part.verify(conn, Some(look), |values| {
        go_on(&mut sums, |sums| sums.add(values))
    });
    Done::Rows(place, found, Meanwhile::Summed(sums.map(Sums::end)))
}

/// Takes a step with what is known so far; the first error stays.
fn go_on<T>(so_far: &mut Result<T, Error>, step: impl FnOnce(&mut T) -> Result<(), Error>) {
    if let Ok(value) = so_far
        && let Err(error) = step(value)
    {
        *so_far = Err(error);
    }
}

/// Tells a row that cannot be read as a finding: whatever wrote it was not this program.
fn unreadable(name: &'static str, check: Result<Check, Error>) -> Result<Check, Error> {
    match check {
        Err(error @ (Error::Damaged { .. } | Error::BadRow { .. })) => Ok(Check {
            name,
            findings: vec![error.to_string()],
            looked_at: "as far as it can be read".to_owned(),
        }),
        Ok(_) | Err(_) => check,
    }
}

/// Says how many of something were looked at.
pub(in crate::store) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    match number.try_into() {
        Ok(1) => format!("1 {noun}"),
        Ok(number) => format!("{number} {noun}s"),
        Err(_) => format!("{noun}s"),
    }
}
