use proptest::prelude::*;

use super::*;
use crate::domain::{
    currency::Currency,
    event::tests::{day, named},
    quantity::Percent,
    tax::{
        CountryCode, HolderKind, TaxState,
        certificate::{CertificateKind, tests::certificate},
    },
};

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

fn rate(text: &str) -> TaxRate {
    TaxRate::new(Percent::parse(text).unwrap()).unwrap()
}

/// Returns tax and net.
fn taxed(base: &str, percent: &str, rounding: TaxRounding, currency: &str) -> (String, String) {
    let currency = Currency::parse(currency).unwrap();
    let base = amount(base);
    let tax = tax_on(base, rate(percent), rounding, currency.minor_unit()).unwrap();
    let net = base.checked_sub(tax).unwrap();
    (
        tax.plain(currency.decimals()),
        net.plain(currency.decimals()),
    )
}

#[test]
fn published_declarations_are_met_to_the_cent() {
    for (base, percent, currency, tax, net) in [
        ("16.60", "20", "ZAR", "3.32", "13.28"),
        ("385.00", "15", "ZAR", "57.75", "327.25"),
        ("77.00", "15", "ZAR", "11.55", "65.45"),
        ("10000", "10", "NGN", "1000.00", "9000.00"),
        ("3.85", "15", "ZAR", "0.58", "3.27"),
        ("33.34", "10", "NGN", "3.33", "30.01"),
        ("33.33", "10", "NGN", "3.33", "30.00"),
        ("33.3333334", "10", "NGN", "3.33", "30.0033334"),
        ("450.00", "10", "NGN", "45.00", "405.00"),
        ("135.00", "10", "NGN", "13.50", "121.50"),
    ] {
        let wanted = (tax.to_owned(), net.to_owned());
        assert_eq!(
            taxed(base, percent, TaxRounding::HalfUp, currency),
            wanted,
            "{percent} % of {base}"
        );
    }
}

#[test]
fn the_edges_of_rates_and_units_are_exact() {
    use TaxRounding::{Down, HalfUp};
    for (base, percent, rounding, currency, tax, net) in [
        ("0.05", "10", HalfUp, "NGN", "0.01", "0.04"),
        ("0.05", "10", Down, "NGN", "0.00", "0.05"),
        ("0.04", "10", HalfUp, "NGN", "0.00", "0.04"),
        ("100.00", "0", HalfUp, "NGN", "0.00", "100.00"),
        ("100.00", "100", HalfUp, "NGN", "100.00", "0.00"),
        // All of an amount below the kobo cannot be remitted: half-up would take more than there is.
        ("0.0055555", "100", HalfUp, "NGN", "0.00", "0.0055555"),
        ("100.0055555", "100", HalfUp, "NGN", "100.00", "0.0055555"),
        ("333", "20.42", Down, "JPY", "67", "266"),
        ("333", "20.42", HalfUp, "JPY", "68", "265"),
        ("10.005", "10", HalfUp, "KWD", "1.001", "9.004"),
        (
            "9999999999999.9999999",
            "10",
            HalfUp,
            "NGN",
            "1000000000000.00",
            "8999999999999.9999999",
        ),
    ] {
        let wanted = (tax.to_owned(), net.to_owned());
        assert_eq!(
            taxed(base, percent, rounding, currency),
            wanted,
            "{percent} % of {base}"
        );
    }
}

#[test]
fn an_exact_tax_shows_what_was_rounded() {
    let exact = |base: &str, percent: &str| exact_tax(amount(base), rate(percent));
    assert_eq!(exact("33.34", "10"), "33.34 x 10 % = 3.334");
    assert_eq!(exact("333", "20.42"), "333.00 x 20.42 % = 67.9986");
    assert_eq!(exact("100", "0"), "100.00 x 0 % = 0.00");
    assert_eq!(
        exact("9999999999999.9999999", "33.3333333"),
        "9999999999999.9999999 x 33.3333333 % = 3333333329999.9999999666666667"
    );
}

fn holder_of(kind: HolderKind, country: &str, state: Option<&str>) -> TaxStatus {
    TaxStatus {
        kind: Some(kind),
        residence: Some(CountryCode::parse(country).unwrap()),
        state: state.map(|state| TaxState::parse(state).unwrap()),
        has_number: true,
    }
}

fn register(statuses: &[(&str, TaxStatus)], certificates: Vec<(&str, Certificate)>) -> TaxRegister {
    let mut register = TaxRegister::default();
    for (at, (holder, status)) in statuses.iter().enumerate() {
        register.statuses.push(status.clone());
        let id = named::<HolderId>(holder).id;
        register.holders.insert(id, u32::try_from(at).unwrap());
    }
    for (holder, certificate) in certificates {
        let id = named::<HolderId>(holder).id;
        register
            .certificates
            .entry(id)
            .or_default()
            .push(certificate);
    }
    register
}

fn terms<'a>(profile: &'a TaxProfile, components: &'a [Component]) -> WithholdingTerms<'a> {
    WithholdingTerms {
        profile,
        exempt: None,
        event_type: EventType::Dividend,
        distribution_date: day("2026-06-30"),
        minor_unit: amount("0.01"),
        components,
    }
}

fn withhold(
    terms: WithholdingTerms<'_>,
    register: &TaxRegister,
    holders: &[(&str, &[&str])],
) -> Result<(Vec<String>, WithholdingResult), Refused> {
    let mut withholding = Withholding::begin(terms, register)?;
    let taxes = holders.iter().map(|(holder, bases)| {
        let bases: Vec<Amount> = bases.iter().map(|base| amount(base)).collect();
        withholding
            .add(&named(holder), &bases)
            .unwrap()
            .tax
            .plain(2)
    });
    let taxes: Vec<String> = taxes.collect();
    Ok((taxes, withholding.finish()?))
}

fn owed(result: &WithholdingResult) -> Vec<String> {
    let owed = result.owed.iter();
    owed.map(|(day, total)| {
        format!(
            "{} {}: {} of {}",
            day.authority,
            day.remit_day,
            total.tax.plain(2),
            total.gross.plain(2)
        )
    })
    .collect()
}

const INCOME: [Component; 1] = [Component::Income];

#[test]
fn one_event_may_owe_two_authorities_and_its_liability_is_the_sum() {
    let profile = TaxProfile::builtin("ng-2026").unwrap();
    let register = register(
        &[
            ("ada", holder_of(HolderKind::Individual, "NG", Some("LA"))),
            ("bisi", holder_of(HolderKind::Company, "NG", None)),
            ("chi", holder_of(HolderKind::Company, "NG", None)),
            ("dan", holder_of(HolderKind::Fund, "NG", None)),
        ],
        vec![(
            "dan",
            certificate(
                3,
                CertificateKind::Exemption,
                None,
                "2026-01-01",
                "2026-12-31",
            ),
        )],
    );
    let holders: [(&str, &[&str]); 4] = [
        ("ada", &["33.34"]),
        ("bisi", &["33.33"]),
        ("chi", &["33.33"]),
        ("dan", &["500.00"]),
    ];
    let (taxes, result) = withhold(terms(&profile, &INCOME), &register, &holders).unwrap();
    assert_eq!(taxes, ["3.33", "3.33", "3.33", "0.00"]);
    assert_eq!(
        owed(&result),
        ["NRS 21: 6.66 of 66.66", "SIRS-LA 30: 3.33 of 33.34"]
    );
    // Holders with the same rates and authority share a class: none of them needs a row of its own.
    assert_eq!(result.classes.len(), 3);
    assert_eq!(
        result.classes[2].rates[0].reason.to_string(),
        "certificate X-000003"
    );
    assert_eq!(result.warnings, []);
}

#[test]
fn an_exempt_event_is_exempt_whatever_the_profile_and_its_dates() {
    let profile = TaxProfile::builtin("ng-2026").unwrap();
    let components = [Component::Interest];
    let terms = WithholdingTerms {
        exempt: Some("NTA 2025 s.163(1)(b)"),
        distribution_date: day("2025-12-31"),
        ..terms(&profile, &components)
    };
    let register = TaxRegister::default();
    let (taxes, result) = withhold(terms, &register, &[("ada", &["100.00"])]).unwrap();
    assert_eq!(taxes, ["0.00"]);
    assert_eq!(result.classes[0].rates[0].reason, TaxReason::EventExempt);
    assert!(result.owed.is_empty());
    let taxed = WithholdingTerms {
        exempt: None,
        ..terms
    };
    let refused = withhold(taxed, &register, &[]).unwrap_err();
    assert_eq!(refused.code(), "tax.profile_date");
}

#[test]
fn everybody_without_an_authority_is_named_with_what_is_missing() {
    let profile = TaxProfile::builtin("ng-2026").unwrap();
    let register = register(
        &[
            ("ada", holder_of(HolderKind::Individual, "NG", None)),
            ("chi", holder_of(HolderKind::Individual, "NG", None)),
        ],
        vec![(
            "eve",
            certificate(
                1,
                CertificateKind::Exemption,
                None,
                "2026-01-01",
                "2026-12-31",
            ),
        )],
    );
    // Nothing is known of bisi; eve is exempt, and dan's tax is below the kobo.
    let holders: [(&str, &[&str]); 5] = [
        ("ada", &["1.00"]),
        ("bisi", &["1.00"]),
        ("chi", &["1.00"]),
        ("dan", &["0.04"]),
        ("eve", &["1.00"]),
    ];
    let refused = withhold(terms(&profile, &INCOME), &register, &holders).unwrap_err();
    assert_eq!(refused.code(), "tax.no_authority");
    let message = refused.to_string();
    assert!(message.contains("bisi (kind, tax_residence)"), "{message}");
    assert!(message.contains("ada, chi (tax_state)"), "{message}");
    assert!(
        !message.contains("dan") && !message.contains("eve"),
        "{message}"
    );
}

#[test]
fn a_component_without_a_rule_is_refused_with_every_holder() {
    let profile = TaxProfile::builtin("ng-2026").unwrap();
    let components = [Component::Income, Component::Interest];
    let register = TaxRegister::default();
    let holders: [(&str, &[&str]); 2] = [("ada", &["1.00", "1.00"]), ("bisi", &["1.00", "1.00"])];
    let refused = withhold(terms(&profile, &components), &register, &holders).unwrap_err();
    assert_eq!(refused.code(), "tax.no_rule");
    let message = refused.to_string();
    assert!(
        message.contains("interest") && message.contains("ada, bisi"),
        "{message}"
    );
}

#[test]
fn each_component_has_its_own_rate_and_certificate() {
    let profile = TaxProfile::parse(
        "name = \"x\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n\
         [[rule]]\ncomponent = \"income\"\nrate = \"10\"\n\
         [[rule]]\ncomponent = \"interest\"\nrate = \"20\"\n\
         [[rule]]\ncomponent = \"return_of_capital\"\nrate = \"0\"\n\
         [[authority]]\ncode = \"A\"\nremit_day = 21\n",
    )
    .unwrap();
    let components = [
        Component::Income,
        Component::Interest,
        Component::ReturnOfCapital,
    ];
    let exempt = |number, component: Component| {
        certificate(
            number,
            CertificateKind::Exemption,
            Some(component),
            "2026-01-01",
            "2026-12-31",
        )
    };
    let reduced = CertificateKind::Reduced(rate("5"));
    let register = register(
        &[],
        vec![
            ("ada", exempt(1, Component::Income)),
            (
                "ada",
                certificate(
                    2,
                    reduced,
                    Some(Component::Interest),
                    "2026-01-01",
                    "2026-12-31",
                ),
            ),
        ],
    );
    let holders: [(&str, &[&str]); 2] = [
        ("ada", &["16.67", "16.67", "50.00"]),
        ("bisi", &["16.67", "16.67", "50.00"]),
    ];
    let (taxes, result) = withhold(terms(&profile, &components), &register, &holders).unwrap();
    assert_eq!(taxes, ["0.83", "5.00"]);
    assert_eq!(owed(&result), ["A 21: 5.83 of 50.01"]);
    let reasons = |at: usize| {
        let rates = result.classes[at].rates.iter();
        rates
            .map(|rate| rate.reason.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        reasons(0),
        [
            "certificate X-000001",
            "certificate X-000002",
            "component_exempt"
        ]
    );
    assert_eq!(reasons(1), ["rule", "rule", "component_exempt"]);
    // Neither has a tax number.
    assert_eq!(result.warnings.len(), 2);
}

#[test]
fn what_expired_lately_and_what_is_missing_is_a_warning_or_a_refusal() {
    let text = |missing: &str| {
        format!(
            "name = \"x\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\nmissing_number = \"{missing}\"\n\
             [[rule]]\nrate = \"10\"\n[[authority]]\ncode = \"A\"\nremit_day = 21\n"
        )
    };
    let warn = TaxProfile::parse(&text("warn")).unwrap();
    let expired = certificate(
        7,
        CertificateKind::Exemption,
        None,
        "2025-01-01",
        "2026-06-29",
    );
    let register = register(&[], vec![("ada", expired)]);
    let (taxes, result) =
        withhold(terms(&warn, &INCOME), &register, &[("ada", &["1.00"])]).unwrap();
    assert_eq!(taxes, ["0.10"]);
    let ada = Code::parse("ada").unwrap();
    assert_eq!(
        result.warnings,
        [
            TaxWarning::CertificateExpired {
                holder: ada.clone(),
                certificate: CertificateNumber::new(7),
                on: day("2026-06-29"),
            },
            TaxWarning::NumberMissing { holder: ada },
        ]
    );
    let refuse = TaxProfile::parse(&text("refuse")).unwrap();
    let refused = withhold(terms(&refuse, &INCOME), &register, &[("ada", &["1.00"])]).unwrap_err();
    assert_eq!(refused.code(), "tax.number_missing");
}

proptest! {
    #[test]
    fn tax_is_in_whole_units_and_never_above_its_base(
        base in 0..=Amount::MAX.units(), percent in 0..=1_000_000_000_i128, down in any::<bool>(),
        decimals in 0..=3_u32,
    ) {
        let base = Amount::from_units(base).unwrap();
        let rate = TaxRate::new(Percent::from_units(percent).unwrap()).unwrap();
        let rounding = if down { TaxRounding::Down } else { TaxRounding::HalfUp };
        let unit = Amount::from_units(10_i128.pow(7 - decimals)).unwrap();
        let tax = tax_on(base, rate, rounding, unit).unwrap();
        prop_assert!(tax <= base && tax.is_multiple_of(unit));
        // |tax − base · rate / 100| is at most one unit, and at most half of one unless it was capped.
        let exact = base.units().checked_mul(percent);
        if let Some(exact) = exact {
            let off = (tax.units() * 1_000_000_000 - exact).abs();
            prop_assert!(off <= unit.units() * 1_000_000_000);
        }
    }

    #[test]
    fn the_liability_is_the_sum_of_what_was_withheld(
        bases in proptest::collection::vec(0..10_000_000_000_i128, 1..30),
    ) {
        let profile = TaxProfile::builtin("ng-2026").unwrap();
        let names: Vec<String> = (0..bases.len()).map(|at| format!("h{at}")).collect();
        let statuses: Vec<(&str, TaxStatus)> = names.iter().enumerate().map(|(at, name)| {
            let state = ["LA", "KD", "OG"][at % 3];
            let kind = HolderKind::ALL[at % HolderKind::ALL.len()];
            (name.as_str(), holder_of(kind, ["NG", "GB"][at % 2], Some(state)))
        }).collect();
        let register = register(&statuses, vec![]);
        let mut withholding = Withholding::begin(terms(&profile, &INCOME), &register).unwrap();
        let mut sum = 0;
        for (name, base) in names.iter().zip(&bases) {
            let base = Amount::from_units(*base).unwrap();
            sum += withholding.add(&named(name), &[base]).unwrap().tax.units();
        }
        let owed: i128 = withholding.finish().unwrap().owed.values().map(|owed| owed.tax.units()).sum();
        prop_assert_eq!(owed, sum);
    }
}
