use super::*;
use crate::domain::{event::tests::day, tax::TaxState};

fn parse(rules: &str) -> Result<TaxProfile, BadTaxProfile> {
    TaxProfile::parse(&format!(
        "name = \"x\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n{rules}"
    ))
}

#[test]
fn the_built_in_profile_is_the_one_that_is_documented() {
    for (name, text) in BUILT_IN {
        let profile = TaxProfile::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((profile.name.as_str(), profile.source()), (name, text));
    }
    let profile = TaxProfile::builtin("NG-2026").unwrap();
    assert_eq!(TaxProfile::builtins().count(), BUILT_IN.len());
    assert_eq!(profile.country.as_str(), "NG");
    assert_eq!(profile.rounding, TaxRounding::HalfUp);
    assert_eq!(profile.missing_number, MissingNumber::Warn);
    assert!(!profile.covers(day("2025-12-31")) && profile.covers(day("2026-01-01")));
    let rates: Vec<String> = profile
        .rules
        .iter()
        .map(|rule| rule.rate.percent().plain(0))
        .collect();
    assert_eq!(rates, ["10", "0", "0"]);
    let days: Vec<(&str, u32)> = (profile.authorities.iter())
        .map(|authority| (authority.code.as_str(), authority.remit_day))
        .collect();
    assert_eq!(days, [("NRS", 21), ("NRS", 21), ("SIRS-{tax_state}", 30)]);
    assert_eq!(TaxProfile::builtin("nowhere"), None);
}

#[test]
fn a_code_takes_the_state_of_the_holder() {
    let state = &TaxProfile::builtin("ng-2026").unwrap().authorities[2];
    let mut holder = TaxStatus::default();
    assert_eq!(state.code_for(&holder), None);
    holder.state = Some(TaxState::parse("la").unwrap());
    assert_eq!(state.code_for(&holder).as_deref(), Some("SIRS-LA"));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let detail = |rules: &str| parse(rules).unwrap_err().to_string();
    assert_eq!(
        detail("[[rule]]\nrate = \"100.1\"\n"),
        "line 5: `rate`: a tax rate is a percentage from 0 to 100, for example 7.5"
    );
    assert_eq!(
        detail("[[rule]]\nrate = 7.5\n"),
        "line 5: `rate`: write the rate as text, for example \"7.5\""
    );
    assert!(detail("[[rule]]\nrate = \"7,5\"\n").contains("`7,5` has a comma"));
    assert!(
        detail("[[rule]]\nkind = \"club\"\nrate = \"1\"\n")
            .contains("write any, individual, company")
    );
    assert!(detail("[[rule]]\nkind = []\nrate = \"1\"\n").contains("the list is empty"));
    assert!(
        detail("[[rule]]\ncomponent = \"dividend\"\nrate = \"1\"\n").contains("is not a component")
    );
    assert!(detail("[[rule]]\nrate = \"1\"\nrates = \"2\"\n").contains("unknown field"));
    assert!(detail("").contains("there is no rule"));
    assert!(
        detail("valid_until = \"2025-12-31\"\n[[rule]]\nrate = \"1\"\n")
            .contains("before the first")
    );
    let authority = |code: &str, day: u32| {
        let rules = format!(
            "[[rule]]\nrate = \"1\"\n[[authority]]\ncode = \"{code}\"\nremit_day = {day}\n"
        );
        parse(&rules).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(authority("SIRS-{tax_state}", 31), Ok(()));
    assert!(authority("A", 32).unwrap_err().contains("remit_day"));
    for bad in ["", "A B", "{state}", "{tax_state}{tax_state}"] {
        assert!(authority(bad, 21).unwrap_err().contains("`code`"), "{bad}");
    }
    assert!(TaxProfile::parse("name = \"none\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n[[rule]]\nrate = \"1\"\n").is_err());
}

#[test]
fn two_rules_that_fit_and_name_equally_many_things_make_a_profile_ambiguous() {
    let rule = |fields: &str, rate: &str| format!("[[rule]]\n{fields}\nrate = \"{rate}\"\n");
    let resident = rule("residence = \"resident\"", "10");
    let company = rule("kind = \"company\"", "5");
    let both = rule("residence = \"resident\"\nkind = \"company\"", "7");
    let error = parse(&[resident.clone(), company.clone()].concat()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rules 1 and 2 both fit other components of a revenue event for a holder of kind company and \
         residence resident and name equally many things, so that the rate depends on nothing; name more \
         in one of them"
    );
    // A rule that names both decides it.
    assert!(parse(&[resident.clone(), company, both].concat()).is_ok());
    assert!(parse(&[resident.clone(), rule("residence = \"non-resident\"", "5")].concat()).is_ok());
    assert!(parse(&[resident.clone(), rule("", "5")].concat()).is_ok());
    assert!(parse(&[resident.clone(), resident].concat()).is_err());
    let listed = rule("kind = [\"fund\", \"company\"]", "1");
    assert!(parse(&[listed, rule("kind = [\"company\", \"other\"]", "1")].concat()).is_err());
    let dividend = rule("type = \"dividend\"", "1");
    assert!(parse(&[dividend, rule("type = \"exit\"", "1")].concat()).is_ok());
}
