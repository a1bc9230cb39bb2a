//! Deriving each forward balance again from its movements.

use std::collections::HashMap;

use super::counted::counted;
use crate::domain::{
    check::Check,
    code::Code,
    event::EventStatus,
    forward::ForwardKind,
    id::{HolderId, ProjectId},
    quantity::{Amount, Total},
};
use crate::store::{AsOf, Error, EventFilter, Tx, db::Row};

/// A movement as it is stored.
struct StoredMovement {
    number: i64,
    kind: ForwardKind,
    project: ProjectId,
    holder: HolderId,
    amount: Amount,
    balance: Amount,
    follows: Option<i64>,
    counterpart: Option<i64>,
    allocation: i64,
    holder_code: Code,
    event_code: Code,
    /// Whether its allocation is of the same holder and project.
    fits: bool,
}

impl StoredMovement {
    fn read(row: &mut Row<'_>) -> Result<Self, Error> {
        Ok(Self {
            number: row.next()?,
            kind: row.next()?,
            project: row.next()?,
            holder: row.next()?,
            amount: row.next()?,
            balance: row.next()?,
            follows: row.next()?,
            counterpart: row.next()?,
            allocation: row.next()?,
            holder_code: row.next()?,
            event_code: row.next()?,
            fits: row.next()?,
        })
    }

    fn finding(&self, detail: &str) -> String {
        format!(
            "the movement {} of `{}` in `{}` {detail}",
            self.number, self.holder_code, self.event_code
        )
    }
}

/// The last movement of a forward balance.
#[derive(Clone, Copy)]
struct Last {
    number: i64,
    balance: Amount,
}

/// The forward balances, up to one of the movements.
#[derive(Default)]
struct Balances {
    last: HashMap<(ProjectId, HolderId), Last>,
    /// The movements that can be undone: their kinds, amounts and allocations.
    open: HashMap<i64, (ForwardKind, Amount, i64)>,
    /// What was given up in each project.
    written_off: HashMap<ProjectId, i128>,
}

impl Balances {
    fn add(&mut self, movement: &StoredMovement, findings: &mut Vec<String>) {
        if !movement.fits {
            findings.push(movement.finding("is of another holder or project than its allocation"));
        }
        let key = (movement.project, movement.holder);
        let before = self.last.get(&key).copied();
        if movement.follows != before.map(|last| last.number) {
            findings.push(movement.finding("does not follow the one before it"));
        }
        let was = before.map_or(Amount::ZERO, |last| last.balance);
        if movement.kind.after(was, movement.amount) != Some(movement.balance) {
            findings.push(movement.finding(&format!(
                "leads from {} by {} to {}",
                was.plain(2),
                movement.amount.plain(2),
                movement.balance.plain(2)
            )));
        }
        let last = Last {
            number: movement.number,
            balance: movement.balance,
        };
        self.last.insert(key, last);
        if movement.kind == ForwardKind::WrittenOff {
            *self.written_off.entry(movement.project).or_default() += movement.amount.units();
        }
        let Some(undone) = movement.counterpart else {
            let open = (movement.kind, movement.amount, movement.allocation);
            self.open.insert(movement.number, open);
            return;
        };
        let fits = self
            .open
            .remove(&undone)
            .is_some_and(|(kind, amount, allocation)| {
                (kind.undone(), amount, allocation)
                    == (Some(movement.kind), movement.amount, movement.allocation)
            });
        if !fits {
            findings.push(movement.finding("does not undo the one that it names"));
        }
    }
}

/// Checks that each forward balance is the sum of its movements and never negative, that each
/// movement follows the one before it, and that the forward balances of a project are what its
/// events carried forward and did not bring forward.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    const MOVEMENTS: &str = "SELECT m.number, m.kind, m.project_id, m.lp_token_holder_id, m.amount,
            m.forward_balance, m.follows, m.counterpart, m.allocation_number, h.code, e.code,
            a.project_id = m.project_id AND a.lp_token_holder_id = m.lp_token_holder_id
        FROM allocation_movements m
        CROSS JOIN distribution_allocations a ON a.number = m.allocation_number
        CROSS JOIN distribution_events e ON e.id = a.distribution_event_id
        CROSS JOIN lp_token_holders h ON h.id = m.lp_token_holder_id
        ORDER BY m.number";
    let (mut balances, mut findings) = (Balances::default(), Vec::new());
    let mut movements = 0_usize;
    tx.db.each(MOVEMENTS, (), |row| {
        balances.add(&StoredMovement::read(row)?, &mut findings);
        movements += 1;
        Ok::<_, Error>(())
    })?;
    let mut projects = carried_by_events(tx)?;
    for (project, amount) in balances.written_off {
        *projects.entry(project).or_default() -= amount;
    }
    for project in tx.projects(AsOf::Now)? {
        let id = project.project.id;
        let of_project = balances.last.iter().filter(|((other, _), _)| *other == id);
        // Fewer than 2^40 amounts below 10^20 stay far below 2^127.
        let kept: i128 = of_project.map(|(_, last)| last.balance.units()).sum();
        let carried = projects.get(&id).copied().unwrap_or_default();
        if kept != carried {
            let shown = |units: i128| Total::from_units(units).map(|total| total.plain(2));
            findings.push(format!(
                "the forward balances of `{}` are {}, but its events carried forward {} more than they brought forward",
                project.project.code,
                shown(kept).unwrap_or_else(|| kept.to_string()),
                shown(carried).unwrap_or_else(|| carried.to_string()),
            ));
        }
    }
    Ok(Check {
        name: "forward",
        findings,
        looked_at: counted(movements, "movement"),
    })
}

/// Adds up what the events of each project carried forward and did not bring forward.
fn carried_by_events(tx: &mut Tx<'_>) -> Result<HashMap<ProjectId, i128>, Error> {
    let mut projects: HashMap<ProjectId, i128> = HashMap::new();
    for event in tx.events(&EventFilter::default(), AsOf::Now)? {
        let moved =
            event.balance.carried_forward().units() - event.balance.brought_forward().units();
        if event.status() != EventStatus::Cancelled {
            *projects.entry(event.project.id).or_default() += moved;
        }
    }
    Ok(projects)
}
