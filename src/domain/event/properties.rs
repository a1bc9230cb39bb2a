//! Random projects with everything at once: tax, exclusions, deductions, rates, components, minimum
//! payouts and amounts carried forward. No money appears, and none is lost.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    code::Code,
    component::Component,
    event::tests::{event, named},
    forward::{PayableStep, carry},
    id::HolderId,
    quantity::{Percent, Total},
    rounding::Rounding,
    tax::{CountryCode, HolderKind, TaxStatus, profile::TaxProfile, withholding::TaxRegister},
    token::Holding,
};

/// A profile whose rates are not round, with two authorities.
const PROFILE: &str = r#"
name = "odd"
country = "NG"
valid_from = "2026-01-01"
rounding = "half-up"
missing_number = "warn"
[[rule]]
component = "income"
rate = "10"
[[rule]]
component = "income"
residence = "non-resident"
rate = "7.5"
[[rule]]
component = "capital_gain"
rate = "33.3333333"
[[rule]]
component = "interest"
rate = "100"
[[authority]]
code = "HOME"
residence = "resident"
remit_day = 30
[[authority]]
code = "ABROAD"
remit_day = 21
"#;

/// A holder: tokens, what becomes of the part, and whether it is resident, if that is known.
#[derive(Clone, Debug)]
struct RandomHolder {
    tokens: i128,
    policy: Option<&'static str>,
    resident: Option<bool>,
}

/// One event of a project.
#[derive(Clone, Debug)]
struct RandomEvent {
    basis: &'static str,
    /// The amount or the proceeds in kobo, and the rate in ten-millionths.
    size: i128,
    unit: &'static str,
    /// What of the whole the first components are, in eighths; the last one is the rest.
    eighths: Vec<i128>,
    fee: &'static str,
    minimum: i128,
    /// How much of what is available each holder then takes, in quarters.
    taken: i128,
}

fn random_holder() -> impl Strategy<Value = RandomHolder> {
    let policy = proptest::option::weighted(
        0.3,
        prop_oneof![Just("redistribute"), Just("retain"), Just("assign:h0")],
    );
    let tokens = prop_oneof![Just(0), 1..50_i128, 1..100_000_000_000_000_i128];
    (tokens, policy, any::<Option<bool>>()).prop_map(|(tokens, policy, resident)| RandomHolder {
        tokens,
        policy,
        resident,
    })
}

fn random_event() -> impl Strategy<Value = RandomEvent> {
    let basis = prop_oneof![Just("amount"), Just("proceeds"), Just("rate")];
    let unit = prop_oneof![Just("0.01"), Just("0.01"), Just("0.0000001")];
    let fee = prop_oneof![Just("2"), Just("0.0333333"), Just("40")];
    let size = prop_oneof![1..2_000_i128, 1..1_000_000_000_000_i128];
    let parts = proptest::collection::vec(0..4_i128, 0..3);
    (basis, size, unit, parts, fee, 0..100_000_i128, 0..5_i128).prop_map(
        |(basis, size, unit, eighths, fee, minimum, taken)| RandomEvent {
            basis,
            size,
            unit,
            eighths,
            fee,
            minimum,
            taken,
        },
    )
}

const KOBO: i128 = 100_000;

fn units(of: i128) -> Amount {
    Amount::from_units(of).unwrap()
}

fn sum(of: impl Iterator<Item = Amount>) -> i128 {
    of.map(Amount::units).sum()
}

/// The event as it is created, with its deductions and components.
fn draft(of: &RandomEvent) -> (Event, Vec<Deduction>, Vec<NewComponent>) {
    let unit = Amount::parse(of.unit).unwrap();
    let deductions = match of.basis {
        "proceeds" => vec![
            deduction("fee", of.fee, DeductionBase::Gross),
            deduction("costs", "1", DeductionBase::Rest),
        ],
        _ => Vec::new(),
    };
    let (basis, whole) = match of.basis {
        "rate" => {
            let rate = DeclaredRate {
                per_token: units(of.size),
                rounding: Rounding::HalfUp,
            };
            (Basis::Rate(rate, None), of.size)
        }
        "proceeds" => (Basis::Proceeds(units(of.size * KOBO)), of.size * KOBO),
        _ => (Basis::Amount(units(of.size * KOBO)), of.size * KOBO),
    };
    let names = [Component::CapitalGain, Component::Interest];
    let step = if of.basis == "rate" { 1 } else { KOBO };
    // Of proceeds less than half may go: what the first components are is always there.
    let fixed = of
        .eighths
        .iter()
        .zip(names)
        .map(|(eighths, component)| NewComponent {
            component,
            given: ComponentTerm::Amount(units(whole * eighths / 16 / step * step)),
        });
    let mut components: Vec<NewComponent> = fixed.collect();
    if !components.is_empty() {
        components.push(NewComponent {
            component: Component::Income,
            given: ComponentTerm::Rest,
        });
    }
    let event = Event {
        total: EventTotal::before_calculation(basis, &[]),
        unit,
        ..event(EventStatus::Draft)
    };
    (event, deductions, components)
}

fn deduction(name: &str, percent: &str, base: DeductionBase) -> Deduction {
    Deduction {
        name: DeductionName::parse(name).unwrap(),
        kind: DeductionKind::Expense,
        given: DeductionTerm::Percent(Percent::parse(percent).unwrap(), base),
    }
}

fn inputs(
    holders: &[RandomHolder],
    (deductions, components): (Vec<Deduction>, Vec<NewComponent>),
) -> Inputs {
    let code = |at: usize| format!("h{at}");
    let holding = |(at, holder): (usize, &RandomHolder)| Holding {
        holder: named(&code(at)),
        name: None,
        tokens: Tokens::from_units(holder.tokens).unwrap(),
    };
    // The first holder takes part, and is the one to whom parts are assigned.
    let exclusions = holders
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(at, holder)| {
            let policy: Policy<String> = holder.policy?.parse().unwrap();
            let policy = policy.try_map(|to| Ok::<_, String>(named(&to))).unwrap();
            let counts = holder.tokens > 0;
            counts.then(|| Exclusion {
                holder: named(&code(at)),
                policy,
                reason: "treasury".to_owned(),
            })
        });
    let mut register = TaxRegister::default();
    for (at, resident) in [(0, true), (1, false)] {
        let country = if resident { "NG" } else { "GB" };
        register.statuses.push(TaxStatus {
            kind: Some(HolderKind::Company),
            residence: Some(CountryCode::parse(country).unwrap()),
            state: None,
            has_number: true,
        });
        let own = holders
            .iter()
            .enumerate()
            .filter(|(_, holder)| holder.resident == Some(resident));
        let own = own.map(|(place, _)| (named::<HolderId>(&code(place)).id, at));
        register.holders.extend(own);
    }
    Inputs {
        holdings: holders.iter().enumerate().map(holding).collect(),
        participation: Participation {
            exclusions: exclusions.collect(),
            unused: Vec::new(),
        },
        deductions,
        components,
        tax: Some(TaxInputs {
            profile: TaxProfile::parse(PROFILE).unwrap(),
            register,
        }),
        ..Inputs::default()
    }
}

/// The identities of one calculated event.
fn adds_up(event: &Event, result: &CalculationResult) -> Result<(), TestCaseError> {
    let allocated = sum(result.shares.iter().map(|share| share.amount));
    prop_assert_eq!(allocated + result.retained.units(), result.total.units());
    if let Some(gross) = event.total.basis().gross() {
        let deducted = sum(result.deductions.iter().map(|deducted| deducted.amount));
        prop_assert_eq!(gross.units() - deducted, result.total.units());
    }
    let terms = &result.tax.as_ref().unwrap().terms;
    let minor_unit = event.currency.minor_unit();
    for (at, share) in result.shares.iter().enumerate() {
        let whole = [share.amount];
        let parts: Vec<Amount> = match result.components.as_slice() {
            [] => whole.to_vec(),
            columns => columns.iter().map(|column| column.parts[at]).collect(),
        };
        prop_assert_eq!(sum(parts.iter().copied()), share.amount.units());
        let taxes = parts.iter().enumerate().map(|(place, part)| {
            let of_part = terms
                .on_part(share.tax_class, (place, *part), minor_unit)
                .unwrap();
            assert!(of_part.tax <= *part && of_part.tax.is_multiple_of(minor_unit));
            of_part.tax
        });
        prop_assert_eq!(sum(taxes), share.tax.units());
        prop_assert!(share.tax <= share.amount);
    }
    for (at, column) in result.components.iter().enumerate() {
        prop_assert!(
            sum(column.parts.iter().copied()) <= column.amount.units(),
            "{at}"
        );
    }
    let declared = sum(result.components.iter().map(|column| column.amount));
    prop_assert!(result.components.is_empty() || declared == result.total.units());
    let owed: Option<Total> = (result
        .tax
        .as_ref()
        .unwrap()
        .owed
        .values()
        .map(|owed| owed.tax))
    .sum();
    let taxed = sum(result.shares.iter().map(|share| share.tax));
    prop_assert_eq!(owed.unwrap().units(), taxed);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn over_a_whole_project_no_money_appears_and_none_is_lost(
        holders in proptest::collection::vec(random_holder(), 1..7),
        first in 1..1_000_i128,
        events in proptest::collection::vec(random_event(), 1..5),
    ) {
        let mut holders = holders;
        holders[0].tokens = first;
        // Every approved event: what it distributes, and where it went.
        let (mut distributed, mut retained, mut taxes, mut withdrawn, mut available) = (0, 0, 0, 0, 0);
        let mut forward: BTreeMap<Code, Amount> = BTreeMap::new();
        let mut approved = 0;
        for random in &events {
            let (event, deductions, components) = draft(random);
            // An event of which nothing is left, or that a rate makes too large, is refused whole.
            let Ok(result) = calculate(&event, inputs(&holders, (deductions, components))) else {
                continue;
            };
            adds_up(&event, &result)?;
            approved += 1;
            let step = PayableStep { minor_unit: units(KOBO), minimum: units(random.minimum * KOBO) };
            for share in &result.shares {
                let net = share.amount.checked_sub(share.tax).unwrap();
                let balance = forward.entry(share.holder.code.clone()).or_insert(Amount::ZERO);
                let carrying = carry(net, *balance, step).unwrap();
                // allocated - tax + brought forward = available + carried forward
                prop_assert_eq!(
                    share.amount.units() - share.tax.units() + carrying.brought.units(),
                    carrying.payable.units() + carrying.carried.units()
                );
                prop_assert!(carrying.payable.is_multiple_of(step.minor_unit));
                *balance = carrying.carried;
                let taken = carrying.payable.units() / KOBO * random.taken.min(4) / 4 * KOBO;
                withdrawn += taken;
                available += carrying.payable.units() - taken;
                taxes += share.tax.units();
            }
            distributed += result.total.units();
            retained += result.retained.units();
        }
        let carried = sum(forward.values().copied());
        prop_assert_eq!(distributed, retained + taxes + withdrawn + available + carried);
        prop_assume!(approved > 0);
    }
}
