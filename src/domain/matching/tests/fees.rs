//! A fee is proven, not read.

use super::*;

fn classes_of(lines: &[Line]) -> Vec<Class> {
    classes(&run(input(lines, &[]))).0
}

#[test]
fn large_debits_that_are_called_like_fees_no_longer_count_as_fees() {
    let texts = [
        ("-4500000", "MAINTENANCE OF LIFTS OTIS NIGERIA LTD"),
        ("-5000000", "COMMISSION TO AGENT CHIDI OKORO"),
        ("-7500000", "VAT REMITTANCE FIRS DEC 2025"),
        ("-2000000", "FEES SCHOOL ADA OBI CHILDREN"),
        ("-1000000", "INTEREST PAYMENT TO LENDER"),
        ("-9999999", "CHARGES"),
        ("-3000000", "NIP TRF FEE CHIDI OKORO"),
        ("-800000", "LEVY ESTATE SECURITY"),
        ("-49.99", "STAMP DUTY"),
    ];
    let lines: Vec<Line> = (1..)
        .zip(texts)
        .map(|(number, (money, text))| line(number, 7, money, text))
        .collect();
    let outcome = run(input(&lines, &[]));
    assert_eq!(classes(&outcome).0, [Class::OnBankNotInLedger; 9]);
    let detail = outcome.lines[&LineNumber::new(2)].detail.clone();
    assert!(detail.unwrap().starts_with("reads like a fee"));
}

#[test]
fn what_banks_are_known_to_charge_is_a_fee_and_money_in_never_is() {
    use Class::{FeeTaxLevy, OnBankNotInLedger, UnexpectedCredit};
    for (money, text, class) in [
        ("-50", "STAMP DUTY", FeeTaxLevy),
        ("-26.88", "NIP CHARGE", FeeTaxLevy),
        ("-3.75", "VAT", FeeTaxLevy),
        ("-52.50", "COMMISSION", OnBankNotInLedger),
        ("-50", "TRF TO ADA", OnBankNotInLedger),
        ("50", "RVSL COMMISSION", UnexpectedCredit),
        ("15000000", "FEES RECEIVED FROM TENANT", UnexpectedCredit),
    ] {
        assert_eq!(
            classes_of(&[line(1, 7, money, text)]),
            [class],
            "{money} {text}"
        );
    }
    // A charge is known on the days on which a source says so, and on no other.
    for (money, text, date, class) in [
        ("-52.50", "COMMISSION", "2017-04-30", OnBankNotInLedger),
        ("-52.50", "COMMISSION", "2017-05-01", FeeTaxLevy),
        ("-52.50", "COMMISSION", "2020-01-31", FeeTaxLevy),
        ("-52.50", "COMMISSION", "2020-02-01", OnBankNotInLedger),
        ("-10", "NIP CHARGE", "2019-12-31", OnBankNotInLedger),
        ("-10", "NIP CHARGE", "2020-01-01", FeeTaxLevy),
        ("-53.75", "NIP CHARGE", "2020-01-31", OnBankNotInLedger),
        ("-53.75", "NIP CHARGE", "2020-02-01", FeeTaxLevy),
        ("-6", "SMS ALERT", "2025-04-30", OnBankNotInLedger),
        ("-6", "SMS ALERT", "2025-05-01", FeeTaxLevy),
    ] {
        let old = Line {
            date: parse_date(date).unwrap(),
            ..line(1, 7, money, text)
        };
        assert_eq!(classes_of(&[old]), [class], "{money} {text} {date}");
    }
}

#[test]
fn a_charge_next_to_its_transfer_is_a_fee_up_to_its_bound() {
    use Class::{FeeTaxLevy, OnBankNotInLedger};
    let transfer = |money: &str| line(1, 7, money, "SWIFT TRF TO HELIOS LTD LONDON");
    let fee = |number, day, money: &str, text: &str| line(number, day, money, text);
    let text = "COMMISSION SWIFT TRF TO HELIOS LTD LON";
    for (transfer, fee, class) in [
        (transfer("-1000000"), fee(2, 7, "-10000", text), FeeTaxLevy),
        (
            transfer("-1000000"),
            fee(2, 7, "-10000.01", text),
            OnBankNotInLedger,
        ),
        (
            transfer("-9000000"),
            fee(2, 7, "-10000.01", text),
            OnBankNotInLedger,
        ),
        (transfer("-1000"), fee(2, 7, "-10", text), FeeTaxLevy),
        (
            transfer("-1000"),
            fee(2, 7, "-10.01", text),
            OnBankNotInLedger,
        ),
        (
            transfer("-1000000"),
            fee(2, 8, "-99", text),
            OnBankNotInLedger,
        ),
        (
            transfer("-1000000"),
            fee(2, 7, "-99", "COMMISSION OTHER TEXT"),
            OnBankNotInLedger,
        ),
        (
            transfer("-1000000"),
            fee(2, 7, "-99", "COMMISSION SWIFT"),
            OnBankNotInLedger,
        ),
    ] {
        assert_eq!(classes_of(&[transfer, fee.clone()])[1], class, "{fee:?}");
    }
    // Several charges of a kind are together what one may be; each kind has its own bound.
    let lines = [
        transfer("-1000000"),
        fee(2, 7, "-6000", text),
        fee(3, 7, "-6000", text),
        fee(4, 7, "-450", "VAT SWIFT TRF TO HELIOS LTD LONDON"),
    ];
    assert_eq!(
        classes_of(&lines),
        [
            OnBankNotInLedger,
            OnBankNotInLedger,
            OnBankNotInLedger,
            FeeTaxLevy
        ]
    );
}

#[test]
fn a_levy_is_known_of_the_bank_that_takes_it_from_the_day_on_which_it_does() {
    use Class::{FeeTaxLevy, OnBankNotInLedger};
    #[rustfmt::skip]
    let cases = [
        ("Zenith Bank",           None,           "2016-01-14", OnBankNotInLedger),
        ("Zenith Bank",           None,           "2016-01-15", FeeTaxLevy),
        ("Kuda MFB",              None,           "2022-07-14", OnBankNotInLedger),
        ("Kuda MFB",              None,           "2022-07-15", FeeTaxLevy),
        ("OPay Digital Services", None,           "2024-09-09", OnBankNotInLedger),
        ("OPay Digital Services", None,           "2024-11-30", OnBankNotInLedger),
        ("OPay Digital Services", None,           "2024-12-01", FeeTaxLevy),
        ("PalmPay",               None,           "2024-11-29", OnBankNotInLedger),
        ("PalmPay",               None,           "2024-11-30", FeeTaxLevy),
        ("A wallet",              Some("999992"), "2024-11-30", OnBankNotInLedger),
        ("A wallet",              Some("090405"), "2024-12-01", FeeTaxLevy),
        ("Kudang Bank",           None,           "2020-03-02", FeeTaxLevy),
    ];
    for (bank, code, date, class) in cases {
        let levy = Line {
            date: parse_date(date).unwrap(),
            ..line(1, 7, "-50", "STAMP DUTY")
        };
        let mut setting = SETTING.clone();
        setting.bank = ChargingBank {
            name: bank.to_owned(),
            code: code.map(str::to_owned),
        };
        let lines = [levy];
        let outcome = run(Sides {
            setting: &setting,
            ..input(&lines, &[])
        });
        assert_eq!(classes(&outcome).0, [class], "{bank} {date}");
    }
}

/// A setting with a rule that was taught.
fn with_rule(text: &str, at_most: &str) -> Setting {
    let mut setting = SETTING.clone();
    setting.rules.push(BankRule {
        proposal: crate::domain::code::ProposalNumber::new(4),
        text: RuleText::parse(text).unwrap(),
        kind: ChargeKind::Levy,
        at_most: amount(at_most),
        last_day: None,
    });
    setting
}

#[test]
fn a_rule_explains_what_nothing_shows_to_be_a_payment() {
    let setting = with_rule("SWIFT CHARGE", "5000");
    let lines = [
        line(1, 7, "-5000", "SWIFT CHARGE NOV"),
        line(2, 7, "-5000.01", "SWIFT CHARGE NOV"),
        line(3, 7, "5000", "SWIFT CHARGE NOV"),
        line(4, 7, "-40", "SWIFT CHARGE ADAEZE OKORO"),
        line(5, 7, "-70", "SWIFT CHARGE PR7K3F9Q2M"),
    ];
    let expected = [
        expected(1, 7, "40", "Adaeze Okoro"),
        ours(expected(2, 7, "60", "Musa Bello"), "PR7K3F9Q2M"),
    ];
    let outcome = run(Sides {
        setting: &setting,
        ..input(&lines, &expected)
    });
    assert_eq!(
        classes(&outcome).0,
        [
            Class::FeeTaxLevy,
            Class::OnBankNotInLedger,
            Class::UnexpectedCredit,
            Class::Proposed,
            Class::AmountDiffers,
        ]
    );
    let of = |number| &outcome.lines[&LineNumber::new(number)];
    assert_eq!(
        (
            of(1).rule.map(|rule| rule.to_string()),
            of(1).detail.as_deref()
        ),
        (
            Some("Q-000004".to_owned()),
            Some("rule Q-000004 of the account: levy")
        )
    );
    assert_eq!(
        (of(2).rule, of(2).detail.as_deref()),
        (
            None,
            Some("begins as rule Q-000004 of the account says, and is more than its 5,000.00")
        )
    );
    assert_eq!(of(4).rule, None);
}

#[test]
fn a_sum_has_nothing_that_a_rule_explains() {
    let setting = with_rule("SWIFT CHARGE", "5000");
    let lines = [
        line(1, 7, "-10", "SWIFT CHARGE"),
        line(2, 7, "-30", "TRF ADAEZE OKORO"),
    ];
    let expected = [expected(1, 7, "40", "Adaeze Okoro")];
    let outcome = run(Sides {
        setting: &setting,
        ..input(&lines, &expected)
    });
    assert_eq!(
        classes(&outcome).0,
        [Class::FeeTaxLevy, Class::OnBankNotInLedger]
    );
    assert_eq!(outcome.matches, []);
}
