use proptest::prelude::*;

use super::*;

#[test]
fn what_is_not_a_plain_number_is_refused_by_its_reason() {
    let reason = |text: &str| Amount::parse(text).unwrap_err();
    assert_eq!(reason(""), NumberError::Empty);
    assert_eq!(
        reason("1,000"),
        NumberError::Comma("1,000".into(), Some("1000".into()))
    );
    assert_eq!(reason("1e3"), NumberError::Exponent("1e3".into()));
    assert_eq!(reason("+5"), NumberError::Sign("+5".into()));
    assert_eq!(reason("-5"), NumberError::Sign("-5".into()));
    assert_eq!(reason(".5"), NumberError::BarePoint(".5".into()));
    assert_eq!(reason("5."), NumberError::BarePoint("5.".into()));
    assert_eq!(reason("."), NumberError::BarePoint(".".into()));
    assert_eq!(reason("1 000"), NumberError::Space("1 000".into(), None));
    assert_eq!(
        reason(" 5"),
        NumberError::Space(" 5".into(), Some("5".into()))
    );
    assert_eq!(reason("0x1F"), NumberError::NotANumber("0x1F".into(), None));
    assert_eq!(
        reason("1.2.3"),
        NumberError::NotANumber("1.2.3".into(), None)
    );
    assert_eq!(reason("٣"), NumberError::NotANumber("٣".into(), None));
    assert_eq!(
        reason("0.00000001"),
        NumberError::TooManyDecimals("0.00000001".into())
    );
    assert!(matches!(
        reason("10000000000000"),
        NumberError::TooLarge { digits: 13, .. }
    ));
    assert!(matches!(
        reason(&"9".repeat(5000)),
        NumberError::TooLarge { .. }
    ));
    assert!(matches!(
        reason(&format!("1.{}", "9".repeat(5000))),
        NumberError::TooManyDecimals(_)
    ));
}

#[test]
fn zeros_that_change_nothing_are_accepted() {
    for text in [
        "5",
        "5.0",
        "005",
        "5.00000000000000000000000000000000000000000000",
    ] {
        assert_eq!(
            Amount::parse(text).unwrap().canonical(),
            "5.0000000",
            "{text}"
        );
    }
}

#[test]
fn the_whole_range_of_decimal_20_7_is_exact() {
    for text in [
        "9999999999999.9999999",
        "0.0000001",
        "0.0000000",
        "9999999999999.0000000",
    ] {
        let amount = Amount::parse(text).unwrap();
        assert_eq!(amount.canonical(), text);
        assert_eq!(Amount::from_canonical(text), Some(amount));
    }
    assert_eq!(Amount::MAX.canonical(), "9999999999999.9999999");
    assert_eq!(Total::parse(&Total::MAX.canonical()), Ok(Total::MAX));
    assert_eq!(Percent::MAX.canonical(), "999.9999999");
    assert!(Amount::MAX.checked_add(Amount::SMALLEST).is_none());
    assert!(Total::MAX.units() < 1 << 95);
    assert!(Amount::MAX.units() <= Total::MAX.units());
}

#[test]
fn money_is_shown_with_its_decimals_and_tokens_without() {
    let amount = Amount::parse("1250000").unwrap();
    assert_eq!(amount.plain(2), "1250000.00");
    assert_eq!(amount.grouped(2), "1,250,000.00");
    assert_eq!(amount.plain(0), "1250000");
    assert_eq!(Amount::parse("0.1234567").unwrap().plain(2), "0.1234567");
    assert_eq!(Tokens::parse("1500.50").unwrap().plain(0), "1500.5");
    assert_eq!(Amount::ZERO.grouped(2), "0.00");
    assert_eq!(Amount::parse("999").unwrap().grouped(0), "999");
}

#[test]
fn cutting_keeps_the_sum_exact() {
    let cut = Cut::parse("29.223394480263758386").unwrap();
    assert_eq!(cut.tokens.canonical(), "29.2233944");
    assert_eq!(cut.cut.normalize().to_string(), "0.000000080263758386");
    assert_eq!(Cut::parse("10.0").unwrap().cut, Decimal::ZERO);
    let large = Cut::parse("9999999999999.123456789012345678").unwrap();
    assert_eq!(
        (large.tokens.canonical(), large.cut.normalize().to_string()),
        (
            "9999999999999.1234567".into(),
            "0.000000089012345678".into()
        )
    );
}

proptest! {
    #[test]
    fn every_quantity_survives_its_text(units in 0..=Amount::MAX.units()) {
        let amount = Amount::from_units(units).unwrap();
        prop_assert_eq!(Amount::parse(&amount.canonical()), Ok(amount));
        prop_assert_eq!(Amount::from_canonical(&amount.canonical()), Some(amount));
        prop_assert_eq!(Amount::parse(&amount.plain(2)), Ok(amount));
        prop_assert_eq!(Amount::parse(&amount.grouped(2).replace(',', "")), Ok(amount));
    }

    #[test]
    fn what_is_written_by_hand_is_what_the_decimal_library_writes(
        units in prop_oneof![0..=Total::MAX.units(), 0..=i128::from(u64::MAX) + 9, 0..=99_999_999_i128],
        decimals in 0..=DECIMALS,
    ) {
        let total = Total::from_units(units).unwrap();
        prop_assert_eq!(total.canonical(), total.decimal().to_string());
        let mut shown = total.decimal().normalize();
        if shown.scale() < decimals {
            shown.rescale(decimals);
        }
        prop_assert_eq!(total.plain(decimals), shown.to_string());
        prop_assert_eq!(Total::from_canonical(&total.canonical()), Some(total));
    }

    #[test]
    fn only_the_canonical_form_is_canonical(text in "[0-9]{0,3}[.,]?[0-9]{5,8}|[-+0-9.]{0,32}|\\PC{0,12}") {
        if let Some(total) = Total::from_canonical(&text) {
            prop_assert_eq!(total.canonical(), text);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic_or_lose_a_digit(text in "[0-9+.,eExX -]{0,40}|\\PC{0,12}") {
        if let Ok(amount) = Amount::parse(&text) {
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            prop_assert_eq!(amount.plain(0), {
                let fraction = fraction.trim_end_matches('0');
                let whole = whole.trim_start_matches('0');
                let whole = if whole.is_empty() { "0" } else { whole };
                if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
            });
        }
    }

    #[test]
    fn adding_and_taking_away_meet(a in 0..=Amount::MAX.units(), b in 0..=Amount::MAX.units()) {
        let (a, b) = (Amount::from_units(a).unwrap(), Amount::from_units(b).unwrap());
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
        } else {
            prop_assert!(a.units() + b.units() > Amount::MAX.units());
        }
    }
}
