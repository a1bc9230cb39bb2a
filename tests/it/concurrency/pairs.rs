//! Every pair of commands on one request: what a race leaves is what some serial order leaves, and
//! nobody is paid twice.
//!
//! No outcome is listed by hand. The serial orders are walked on copies of the file, one command
//! after the other; a race must end where such a walk can end, with as many winners as the walk has
//! steps.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::race_at;
use crate::{
    figures::{figure, sized},
    support::Desk,
};

/// The commands that touch one request, its money, its payment, its file, its bank line or its
/// holder. `{n}` is another for each process.
const VERBS: [(&str, &str); 12] = [
    ("approve", "withdrawal approve W-000001 --as chi"),
    ("reject", "withdrawal reject W-000001 --reason no --as chi"),
    ("cancel", "withdrawal cancel W-000001 --as bola"),
    (
        "pay",
        "withdrawal pay W-000001 --reference R{n} --date 2026-06-24 --yes --as bola",
    ),
    (
        "request",
        "withdrawal request --event E1 --holder h1 --all --as bola",
    ),
    (
        "event cancel",
        "event cancel E1 --reason no --yes --as bola",
    ),
    (
        "payment return",
        "payment return P-000001 --date 2026-06-30 --reason closed --as chi",
    ),
    (
        "file create",
        "payment file create W-000001 --account OPS --profile generic --as bola",
    ),
    (
        "file cancel",
        "payment file cancel F-000001 --reason no --as bola",
    ),
    ("match", "bank match L-000001 P-000001 --as bola"),
    (RECONCILE, "bank reconcile OPS --as bola"),
    ("block", "holder block h1 --reason court --as ada"),
];

/// The only command that writes a row of its own each time, and whose exit code may be 3.
const RECONCILE: &str = "reconcile";

/// The processes of a race.
const PROCESSES: usize = 16;

/// How many races go on next to each other, each on a ledger of its own.
const ROADS: usize = 3;

/// The content of the books, for people to compare: states and amounts, without ids, instants and
/// references.
const BOOKS: &str = "
    SELECT 'event ' || code || ' ' || status || ' ' || total_withdrawn || ' ' || total_pending FROM distribution_events
    UNION ALL
    SELECT 'allocation ' || number || ' ' || status || ' ' || withdrawn_amount || ' ' || pending_amount || ' ' || available_amount
    FROM distribution_allocations
    UNION ALL
    SELECT 'withdrawal ' || number || ' ' || status || ' ' || requested_amount || ' ' || coalesce(payment_amount, '-')
    FROM withdrawal_requests
    UNION ALL
    SELECT 'payment ' || p.number || ' of ' || w.number || ' ' || p.status || ' ' || p.amount
    FROM distribution_payments p JOIN withdrawal_requests w ON w.id = p.withdrawal_request_id
    UNION ALL
    SELECT 'holder ' || code || ' ' || status FROM lp_token_holders
    UNION ALL
    SELECT 'file ' || f.number || ' ' || (f.cancelled_at IS NULL) || ' with ' || i.withdrawal_number || ' ' || i.live
    FROM payment_files f JOIN payment_file_items i ON i.file_number = f.number
    UNION ALL
    SELECT 'link ' || m.kind || ' ' || (m.matched_at IS NOT NULL) || ' of line ' || l.line_number || ' and '
        || coalesce((SELECT group_concat(x.withdrawal_number) FROM bank_match_withdrawals x WHERE x.match_number = m.number), '-')
    FROM bank_matches m JOIN bank_match_lines l ON l.match_number = m.number WHERE l.live = 1";

/// The state of a ledger: its books, and a file with them.
#[derive(Clone)]
struct LedgerState {
    books: String,
    file: Vec<u8>,
}

/// The places from which races start, and every step that was walked so far.
struct Walks {
    desk: Desk,
    starts: Vec<(&'static str, LedgerState)>,
    steps: BTreeMap<(String, usize), LedgerState>,
    runs: usize,
}

/// How the walks of two commands from one place may end: the books, and how often each of the two
/// changed them on the way.
type Ends = BTreeSet<(String, usize, usize)>;

impl Walks {
    /// A request of NGN 10.00 in each of its states, with a bank line that is its payment.
    fn new() -> Self {
        let desk = Desk::with_register_at("2026-06-22T09:00:00.000000Z");
        desk.event("E1", "100");
        desk.ok(crate::support::ADD_ACCOUNT);
        desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
        let mut desk = desk;
        desk.at(crate::support::NOW);
        desk.imported("june.csv", &[("2026-06-24", "TRX-1", -1000, "TRF TRX-1")]);
        let mut walks = Self {
            desk,
            starts: Vec::new(),
            steps: BTreeMap::new(),
            runs: 0,
        };
        let pending = walks.stand();
        walks.desk.ok("withdrawal approve W-000001 --as chi");
        let approved = walks.stand();
        walks
            .desk
            .ok("payment file create W-000001 --account OPS --profile generic --as bola");
        let filed = walks.stand();
        walks.put(&approved);
        walks
            .desk
            .ok("withdrawal pay W-000001 --reference TRX-1 --date 2026-06-24 --yes --as bola");
        let paid = walks.stand();
        walks.starts = vec![
            ("pending", pending),
            ("approved", approved),
            ("in a file", filed),
            ("paid", paid),
        ];
        walks
    }

    fn stand(&self) -> LedgerState {
        LedgerState {
            books: books(&self.desk),
            file: std::fs::read(self.desk.ledger()).unwrap(),
        }
    }

    fn put(&self, stand: &LedgerState) {
        std::fs::write(self.desk.ledger(), &stand.file).unwrap();
    }

    /// Runs one command on a ledger in this state, and returns its state afterwards.
    fn step(&mut self, from: &LedgerState, verb: usize) -> LedgerState {
        if let Some(known) = self.steps.get(&(from.books.clone(), verb)) {
            return known.clone();
        }
        self.put(from);
        self.runs += 1;
        let ran = self.desk.run(&line(verb, 90 + self.runs));
        let reconciled = VERBS[verb].0 == RECONCILE && ran.code == 3;
        assert!(
            matches!(ran.code, 0 | 1) || reconciled,
            "{}: {}",
            VERBS[verb].0,
            ran.stderr
        );
        let to = self.stand();
        assert!(
            ran.code != 1 || to.books == from.books,
            "what is refused changes nothing: {}",
            VERBS[verb].0
        );
        self.steps.insert((from.books.clone(), verb), to.clone());
        to
    }

    fn changes(&mut self, from: &LedgerState, verb: usize) -> bool {
        self.step(from, verb).books != from.books
    }

    /// Chooses the state in which two commands race: best one in which both can win, or in which one
    /// makes the other possible, or in which one can win.
    fn start(&mut self, first: usize, second: usize) -> (&'static str, LedgerState) {
        let rank = |walks: &mut Self, stand: &LedgerState| {
            let (one, other) = (walks.changes(stand, first), walks.changes(stand, second));
            let (after_one, after_other) = (walks.step(stand, first), walks.step(stand, second));
            let opened = (one && walks.changes(&after_one, second))
                || (other && walks.changes(&after_other, first));
            (one && other, opened, one || other)
        };
        let starts = self.starts.clone();
        let best = starts
            .into_iter()
            .rev()
            .max_by_key(|(_, stand)| rank(self, stand))
            .unwrap();
        assert!(
            rank(self, &best.1).2,
            "{} and {} are possible nowhere",
            VERBS[first].0,
            VERBS[second].0
        );
        best
    }

    /// Walks every serial order of the two commands. A walk may end where each of them has come to
    /// nothing somewhere on the way: there all those processes had their turn that won nothing.
    fn ends(&mut self, from: &LedgerState, first: usize, second: usize) -> Ends {
        let mut open = vec![(from.clone(), [0, 0], [false, false])];
        let mut ends = Ends::new();
        while let Some((at, steps, mut in_vain)) = open.pop() {
            assert!(
                steps.iter().all(|steps| *steps < PROCESSES / 2),
                "{} and {} never end",
                VERBS[first].0,
                VERBS[second].0
            );
            for (one, verb) in [first, second].into_iter().enumerate() {
                in_vain[one] |= !self.changes(&at, verb);
            }
            if in_vain == [true, true] {
                ends.insert((at.books.clone(), steps[0], steps[1]));
            }
            for (one, verb) in [first, second]
                .into_iter()
                .enumerate()
                .take(if first == second { 1 } else { 2 })
            {
                let to = self.step(&at, verb);
                if to.books != at.books {
                    let mut steps = steps;
                    steps[one] += 1;
                    open.push((to, steps, in_vain));
                }
            }
        }
        ends
    }

    /// Races two commands, half of the processes each, and holds what is left to the serial orders.
    /// Returns how long it took.
    fn race(&mut self, first: usize, second: usize, begins: usize) -> Duration {
        let (place, from) = self.start(first, second);
        let ends = self.ends(&from, first, second);
        self.put(&from);
        let verbs: Vec<usize> = (0..PROCESSES)
            .map(|n| {
                if (n + begins).is_multiple_of(2) {
                    first
                } else {
                    second
                }
            })
            .collect();
        let lines: Vec<String> = verbs
            .iter()
            .enumerate()
            .map(|(n, verb)| line(*verb, n) + " --wait 60")
            .collect();
        let before = entries(&self.desk);
        let since = Instant::now();
        let ran = race_at(&self.desk, &lines);
        let took = since.elapsed();
        let race = format!("{} × {} from {place}", VERBS[first].0, VERBS[second].0);
        for (verb, ran) in verbs.iter().zip(&ran) {
            let reconciled = VERBS[*verb].0 == RECONCILE && ran.code == 3;
            assert!(
                matches!(ran.code, 0 | 1) || reconciled,
                "{race}: exit {}: {}",
                ran.code,
                ran.stderr
            );
        }
        let wins = |of: usize| {
            let done = verbs
                .iter()
                .zip(&ran)
                .filter(|(verb, ran)| **verb == of && ran.code == 0 && won(&ran.stderr));
            if VERBS[of].0 == RECONCILE {
                None
            } else {
                Some(done.count())
            }
        };
        let (one, other) = (
            wins(first),
            if first == second {
                Some(0)
            } else {
                wins(second)
            },
        );
        let end = books(&self.desk);
        let fits = |(books, steps, further): &(String, usize, usize)| {
            *books == end
                && one.is_none_or(|one| one == *steps)
                && other.is_none_or(|other| other == *further)
        };
        assert!(
            ends.iter().any(fits),
            "{race}: {one:?} and {other:?} won, which left\n{end}no serial order does: {ends:#?}"
        );
        let refused = ran
            .iter()
            .filter(|ran| ran.code == 1 && !ran.stderr.contains("error: there is no"));
        self.holds(&race, before, refused.count());
        took
    }

    /// Asserts what must hold whoever won.
    fn holds(&self, race: &str, before: i64, refused: usize) {
        let conn = Connection::open(self.desk.ledger()).unwrap();
        let none = |sql: &str| {
            let found: i64 = conn
                .query_row(&format!("SELECT count(*) FROM ({sql})"), [], |row| {
                    row.get(0)
                })
                .unwrap();
            assert_eq!(found, 0, "{race}: {sql}");
        };
        none(
            "SELECT 1 FROM distribution_payments GROUP BY withdrawal_request_id HAVING count(*) > 1",
        );
        none(
            "SELECT 1 FROM payment_file_items WHERE live = 1 GROUP BY withdrawal_number HAVING count(*) > 1",
        );
        none(
            "SELECT 1 FROM bank_match_lines WHERE live = 1 GROUP BY line_number HAVING count(*) > 1",
        );
        none(
            "SELECT 1 FROM distribution_activity_log WHERE outcome = 'done' AND (activity_type LIKE 'withdrawal_%'
              OR activity_type IN ('payment_recorded', 'payment_returned'))
              GROUP BY withdrawal_request_id, new_status HAVING count(*) > 1",
        );
        let sql =
            "SELECT count(*) FROM distribution_activity_log WHERE outcome = 'refused' AND seq > ?1";
        let noted: usize = conn.query_row(sql, [before], |row| row.get(0)).unwrap();
        assert_eq!(noted, refused, "{race}: each refused attempt is noted");
        drop(conn);
        self.desk.sound();
    }
}

fn line(verb: usize, process: usize) -> String {
    VERBS[verb].1.replace("{n}", &process.to_string())
}

/// Returns whether a command wrote, by its output.
fn won(said: &str) -> bool {
    !said.contains("nothing was written") && !said.contains("already")
}

fn entries(desk: &Desk) -> i64 {
    let conn = Connection::open(desk.ledger()).unwrap();
    conn.query_row(
        "SELECT max(seq) FROM distribution_activity_log",
        [],
        |row| row.get(0),
    )
    .unwrap()
}

fn books(desk: &Desk) -> String {
    let conn = Connection::open(desk.ledger()).unwrap();
    let mut statement = conn
        .prepare(&format!("SELECT * FROM ({BOOKS}) ORDER BY 1"))
        .unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    rows.fold(String::new(), |mut books, row| {
        writeln!(books, "{}", row.unwrap()).unwrap();
        books
    })
}

#[test]
fn what_two_commands_at_once_leave_is_what_some_serial_order_leaves() {
    let rounds = sized(1, 10);
    let pairs: Vec<(usize, usize)> = (0..VERBS.len())
        .flat_map(|first| (first..VERBS.len()).map(move |second| (first, second)))
        .collect();
    // Processes that wait for a lock leave the processor to another race.
    let race_all = &|from: usize| {
        let mut walks = Walks::new();
        let mut longest = Duration::ZERO;
        for (first, second) in pairs.iter().skip(from).step_by(ROADS) {
            for round in 0..rounds {
                longest = longest.max(walks.race(*first, *second, round));
            }
        }
        (walks.runs, longest)
    };
    let (walked, longest) = std::thread::scope(|scope| {
        let roads: Vec<_> = (0..ROADS)
            .map(|from| scope.spawn(move || race_all(from)))
            .collect();
        let ended = roads.into_iter().map(|road| road.join().unwrap());
        ended.fold((0, Duration::ZERO), |(walked, longest), (runs, took)| {
            (walked + runs, longest.max(took))
        })
    });
    let (pairs, processes) = (pairs.len(), pairs.len() * rounds * PROCESSES);
    assert_eq!(pairs, 78);
    figure(
        "races",
        &format!(
            "{pairs} pairs of commands on one request, raced {rounds} time(s) each by {processes} processes; every end is that of \
             a serial order ({walked} steps walked to compare); the slowest race of {PROCESSES} took {} ms",
            longest.as_millis()
        ),
    );
}
