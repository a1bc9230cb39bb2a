//! Random ledgers with statements, for the properties.

use proptest::prelude::*;

use super::*;

const REFERENCES: [&str; 6] = [
    "PR7K3F9Q2M",
    "PR9C0QX4T1",
    "PRAAAAAAA1",
    "PRBBBBBBB2",
    "PRCCCCCCC3",
    "PRDDDDDDD4",
];
const NAMES: [&str; 5] = [
    "Mrs Adaeze Okoro",
    "A. Okoro",
    "Musa Bello",
    "Okoro Musa Ltd",
    "Bello",
];
const AMOUNTS: [&str; 6] = ["100", "60", "40", "200", "160", "50"];

/// A ledger with a statement, and what is decided and was rejected.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) lines: Vec<Line>,
    pub(super) expected: Vec<Expected>,
    pub(super) decided: Vec<Link>,
    pub(super) rejected: Vec<Link>,
}

impl Case {
    pub(super) fn input(&self) -> Sides<'_> {
        Sides {
            setting: &super::SETTING,
            currency: ngn(),
            lines: &self.lines,
            expected: &self.expected,
            remittances: &[],
            decided: &self.decided,
            rejected: &self.rejected,
        }
    }

    pub(super) fn run(&self) -> Outcome {
        run(self.input())
    }
}

fn texts() -> impl Strategy<Value = String> {
    let reference = prop::sample::select(REFERENCES.to_vec());
    let name = prop::sample::select(NAMES.to_vec());
    prop_oneof![
        3 => (name.clone(), reference.clone()).prop_map(|(name, reference)| format!("NIP TRF TO {name}/GTB/{reference}")),
        1 => (reference.clone(), reference.clone()).prop_map(|(one, other)| format!("TRF {one}/{other}")),
        1 => (name.clone(), reference.clone()).prop_map(|(name, reference)| format!("TRF {name}/{}", &reference[..6])),
        1 => reference.clone().prop_map(|reference| format!("TRF {} {}", &reference[..4], &reference[4..])),
        2 => name.prop_map(|name| format!("NIP/{name}/GTB")),
        2 => (1_i64..8).prop_map(|n| format!("TRF TO {}", 9_000_000_000 + n)),
        1 => reference.clone().prop_map(|reference| format!("COMMISSION NIP {reference}")),
        2 => reference.prop_map(|reference| format!("RVSL TRF/{reference}")),
        2 => Just("RVSL TRF".to_owned()),
        2 => Just("POS PURCHASE".to_owned()),
        4 => Just("BULK PAYMENT".to_owned()),
    ]
}

pub(super) fn lines() -> impl Strategy<Value = Vec<Line>> {
    let field = || {
        prop::option::weighted(
            0.2,
            prop::sample::select(vec!["S2207", "S2208", "BK-7712", "PR7K3F9Q2M"]),
        )
    };
    let one = (
        1_i64..40,
        prop::option::weighted(0.2, 1_i64..40),
        prop::sample::select(AMOUNTS.to_vec()),
        0..10,
        texts(),
        field(),
        field(),
    );
    prop::collection::vec(one, 0..9).prop_map(|all| {
        type Row = (
            i64,
            Option<i64>,
            &'static str,
            i32,
            String,
            Option<&'static str>,
            Option<&'static str>,
        );
        let build = |(at, (day, value, money, side, text, reference, id)): (usize, Row)| {
            let money = if side < 7 {
                format!("-{money}")
            } else {
                money.to_owned()
            };
            Line {
                value_date: value.map(date),
                reference: reference.map(str::to_owned),
                bank_id: id.map(str::to_owned),
                reversal: side == 9,
                ..line(i64::try_from(at).unwrap() + 1, day, &money, &text)
            }
        };
        all.into_iter().enumerate().map(build).collect()
    })
}

/// Mostly transfers.
const MEANS: [Means; 8] = [
    Means::Transfer,
    Means::Transfer,
    Means::Transfer,
    Means::Transfer,
    Means::Transfer,
    Means::Transfer,
    Means::Cheque,
    Means::Cash,
];

fn all_expected() -> impl Strategy<Value = Vec<Expected>> {
    let one = (
        (
            1_i64..40,
            prop::sample::select(AMOUNTS.to_vec()),
            prop::sample::select(NAMES.to_vec()),
        ),
        (
            prop::option::of(prop::sample::select(REFERENCES.to_vec())),
            prop::option::weighted(0.2, prop::sample::select(vec!["S-2207", "S2208", "BK7712"])),
        ),
        (
            prop::option::weighted(0.5, 1_i64..3),
            prop::bool::weighted(0.15),
            prop::bool::ANY,
            1_i64..4,
        ),
        (
            prop::sample::select(MEANS.to_vec()),
            prop::bool::weighted(0.1),
            prop::bool::ANY,
        ),
    );
    prop::collection::vec(one, 0..8).prop_map(|all| {
        let mut built = Vec::new();
        for (at, (what, (ours, recorded), (file, returned, paid, account), state)) in
            all.into_iter().enumerate()
        {
            let ((day, money, name), (means, settled, maybe_sent)) = (what, state);
            let number = i64::try_from(at).unwrap() + 1;
            let plain = expected(number, day, money, name);
            // Of those in no file some were in one.
            let left_file = file.is_none() && account == 3;
            let (live, ended) = if left_file {
                (None, ours)
            } else {
                (ours, None)
            };
            built.push(Expected {
                payment: plain.payment.filter(|_| paid),
                reference: recorded.map(str::to_owned),
                end_to_end: live.map(str::to_owned).into_iter().collect(),
                ended_references: ended.map(str::to_owned).into_iter().collect(),
                account_number: AccountNumber::parse(&format!("{}", 9_000_000_000 + account)).ok(),
                file: file.map(FileNumber::new),
                returned,
                return_linked: false,
                means,
                settled,
                maybe_sent,
                ..plain
            });
        }
        built
    })
}

/// Links that could be decided: no line and no withdrawal in two.
pub(super) fn cases() -> impl Strategy<Value = Case> {
    let rejected = prop::collection::vec(
        (
            prop::bool::weighted(0.7),
            prop::collection::vec(1_i64..9, 1..3),
            prop::collection::vec(1_i64..8, 1..3),
        ),
        0..4,
    );
    (lines(), all_expected(), 0_usize..3, rejected).prop_map(
        |(lines, expected, count, rejected)| {
            let debits = lines.iter().filter(|line| line.amount.is_negative());
            let pairs = debits.zip(&expected).take(count);
            let decided = pairs.map(|(line, expected)| Link {
                kind: LinkKind::Payment,
                lines: vec![line.number],
                withdrawals: vec![expected.withdrawal],
                remittance: None,
            });
            let kind = |payment| {
                if payment {
                    LinkKind::Payment
                } else {
                    LinkKind::Return
                }
            };
            let rejected = rejected
                .into_iter()
                .map(|(payment, lines, withdrawals)| link(kind(payment), &lines, &withdrawals));
            Case {
                decided: decided.collect(),
                rejected: rejected.collect(),
                lines,
                expected,
            }
        },
    )
}

/// Cases of two amounts, a few days and three of our references, so that most references contradict
/// one another.
pub(super) fn crowded_cases() -> impl Strategy<Value = Case> {
    let ids = prop::collection::vec(
        prop::sample::select(vec![None, Some("S2207"), Some("S2208")]),
        9,
    );
    let crowd = |text: &str| {
        REFERENCES[3..]
            .iter()
            .zip(REFERENCES)
            .fold(text.to_owned(), |text, (one, other)| {
                text.replace(one, other)
            })
    };
    (cases(), ids).prop_map(move |(mut case, ids)| {
        let money = |at: usize| amount(if at % 4 == 3 { "100" } else { "60" });
        let near = |day: Date| date(1 + (day - date(1)).num_days() / 3);
        for (at, (line, id)) in case.lines.iter_mut().zip(ids).enumerate() {
            line.amount = if line.amount.is_negative() {
                Signed::debit(money(at))
            } else {
                Signed::credit(money(at))
            };
            line.date = near(line.date);
            line.value_date = None;
            line.description = crowd(&line.description);
            line.bank_id = id.map(str::to_owned);
        }
        for (at, expected) in case.expected.iter_mut().enumerate() {
            expected.amount = money(at);
            expected.date = near(expected.date);
            expected
                .end_to_end
                .iter_mut()
                .for_each(|ours| *ours = crowd(ours));
        }
        case
    })
}
