//! Lines that name another creditor, totals of files, and references whose items left their files.

use super::*;

/// A payment of 100 to Adaeze Okoro with our reference, to account 9000000001.
fn adaeze() -> Expected {
    ours(expected(1, 7, "100", "Mrs Adaeze Okoro"), "PX7K3F9Q2M")
}

fn class(line: &Line) -> Class {
    let lines = [line.clone()];
    of_line(&run(input(&lines, &[adaeze()])), 1)
}

fn described(text: &str) -> Class {
    class(&line(1, 7, "-100", text))
}

#[test]
fn a_line_with_our_reference_that_names_another_account_is_no_longer_matched() {
    for text in [
        "NIP/PX7K3F9Q2M/0099887766",
        "NIP TRF TO ADAEZE OKORO/0099887766/PX7K3F9Q2M",
        "PX7K3F9Q2M A/C:0099887766",
        "PX7K3F9Q2M ACC0099887766X",
    ] {
        assert_eq!(described(text), Class::Ambiguous, "{text}");
    }
    // The payee's account, the statement's own, parts of references and other runs of digits.
    for text in [
        "NIP/PX7K3F9Q2M/9000000001",
        "NIP FROM 0000014579/PX7K3F9Q2M",
        "NIP/PX7K3F9Q2M/000013260107000000000000000001",
        "NIP/PX7K3F9Q2M/00998877661",
        "NIP/PX7K3F9Q2M/099887766",
    ] {
        assert_eq!(described(text), Class::Matched, "{text}");
    }
    let with = |reference: &str| Line {
        reference: Some(reference.to_owned()),
        ..line(1, 7, "-100", "NIP/PX7K3F9Q2M/0099887766")
    };
    assert_eq!(class(&with("0099887766")), Class::Matched);
    assert_eq!(class(&with("FT0099887766")), Class::Matched);
    assert_eq!(class(&with("FT1")), Class::Ambiguous);
}

#[test]
fn an_account_in_its_own_field_is_compared_in_every_form() {
    let with = |account: &str| Line {
        counterparty_account: Some(account.to_owned()),
        ..line(1, 7, "-100", "NIP/PX7K3F9Q2M")
    };
    for (account, expected) in [
        ("9000000001", Class::Matched),
        ("900-000-0001", Class::Matched),
        ("******0001", Class::Matched),
        ("", Class::Matched),
        ("0099887766", Class::Ambiguous),
        ("DE44500105175407324931", Class::Ambiguous),
        ("******7766", Class::Ambiguous),
    ] {
        assert_eq!(class(&with(account)), expected, "{account}");
    }
}

#[test]
fn an_account_of_another_form_counts_if_the_ledger_knows_it() {
    let mut setting = SETTING.clone();
    setting
        .known_numbers
        .insert("DE44500105175407324931".to_owned());
    let lines = [line(1, 7, "-100", "PX7K3F9Q2M DE44500105175407324931")];
    let payments = [adaeze()];
    assert_eq!(of_line(&run(input(&lines, &payments)), 1), Class::Matched);
    let known = run(Sides {
        setting: &setting,
        ..input(&lines, &payments)
    });
    assert_eq!(of_line(&known, 1), Class::Ambiguous);
}

#[test]
fn a_line_with_our_reference_that_names_another_person_is_no_longer_matched() {
    let with = |name: &str| Line {
        counterparty_name: Some(name.to_owned()),
        ..line(1, 7, "-100", "NIP/PX7K3F9Q2M")
    };
    for (name, expected) in [
        ("Okoro Adaeze", Class::Matched),
        ("A. OKORO", Class::Matched),
        ("ADAE", Class::Matched),
        ("MR", Class::Matched),
        ("Chidi Eze", Class::Ambiguous),
        ("Mrs Chidi Eze Nigeria Ltd", Class::Ambiguous),
    ] {
        assert_eq!(class(&with(name)), expected, "{name}");
    }
    for (text, expected) in [
        ("NIP TRF TO OKORO ADAEZE/PX7K3F9Q2M", Class::Matched),
        ("NIP TRF TO ADAEZE OKO PX7K3F9Q2M", Class::Matched),
        ("NIP TRF TO ZENITH BANK/PX7K3F9Q2M", Class::Matched),
        ("TRANSFER TO PX7K3F9Q2M", Class::Matched),
        ("PX7K3F9Q2M TRANSFER TOMATOES LTD", Class::Matched),
        ("NIP TRF TO CHIDI EZE/PX7K3F9Q2M", Class::Ambiguous),
        ("Transfer to: Chidi Eze PX7K3F9Q2M", Class::Ambiguous),
        ("PX7K3F9Q2M BENEFICIARY NAME: CHIDI EZE", Class::Ambiguous),
    ] {
        assert_eq!(described(text), expected, "{text}");
    }
}

#[test]
fn a_recorded_reference_is_contradicted_too() {
    let payment = recorded(expected(1, 7, "100", "Adaeze Okoro"), "FT26279911");
    let lines = [line(1, 7, "-100", "FT26279911 TRF TO CHIDI EZE")];
    let outcome = run(input(&lines, &[payment]));
    assert_eq!(of_line(&outcome, 1), Class::Ambiguous);
    let detail = outcome.lines[&LineNumber::new(1)].detail.clone().unwrap();
    assert!(
        detail.contains("another name, CHIDI EZE") && detail.contains("by hand only"),
        "{detail}"
    );
}

fn filed(file: i64) -> [Expected; 2] {
    let one = in_file(ours(expected(1, 7, "60", "Ada Obi"), "PX7K3F9Q2M"), file);
    let two = in_file(ours(expected(2, 7, "40", "Musa Bello"), "PB9C0QX4T1"), file);
    [one, two]
}

#[test]
fn a_total_alone_no_longer_pays_a_file() {
    let matched = [(Tier::FileTotal, Certainty::Matched)];
    let proposed = [(Tier::FileTotal, Certainty::Proposed)];
    for (file, text, certain) in [
        (1, "CASH WITHDRAWAL", proposed),
        (1, "BULK PAYMENT", matched),
        (1, "NEFT/BATCH 17", matched),
        (1, "UPLOAD F-000001", matched),
        (1, "MSG F-000001-019F17C1", matched),
        (1, "BULKY GOODS", proposed),
        (1, "UPLOAD F-000012", proposed),
        (1, "BULK PAYMENT TRF TO CHIDI EZE", proposed),
        (1, "BULK PAYMENT 0099887766", proposed),
        (1, "BULK PAYMENT TRF TO MUSA BELLO", matched),
        (2, "BULK PAYMENT", proposed),
        (3, "BULK PAYMENT", proposed),
    ] {
        let lines = [line(1, 8, "-100", text)];
        let outcome = run(input(&lines, &filed(file)));
        assert_eq!(found(&outcome), certain, "{file} {text}");
    }
}

#[test]
fn the_reference_of_an_item_that_left_its_file_never_matches_by_itself() {
    let left = |payment: Option<i64>| Expected {
        ended_references: vec!["PX7K3F9Q2M".to_owned()],
        payment: payment.map(PaymentNumber::new),
        ..ours(expected(1, 7, "100", "Adaeze"), "PB9C0QX4T1")
    };
    let old = line(1, 29, "-100", "NIP/PX7K3F9Q2M");
    let new = line(2, 7, "-100", "NIP/PB9C0QX4T1");
    // Whatever its day, it is proposed while the withdrawal is unpaid.
    let unpaid = run(input(std::slice::from_ref(&old), &[left(None)]));
    assert_eq!(found(&unpaid), [(Tier::Reference, Certainty::Proposed)]);
    // Else it is a second payment.
    let paid = run(input(std::slice::from_ref(&old), &[left(Some(1))]));
    assert_eq!(
        classes(&paid),
        (vec![Class::DuplicatePayment], vec![Class::PaidNotOnBank])
    );
    let both = run(input(&[old, new], &[left(None)]));
    assert_eq!(
        classes(&both),
        (
            vec![Class::DuplicatePayment, Class::Matched],
            vec![Class::Matched]
        )
    );
}

#[test]
fn what_left_a_file_of_this_account_is_named_wherever_it_is_to_be_paid_now() {
    let left = |paid_from, payment: Option<i64>| Expected {
        payment: payment.map(PaymentNumber::new),
        returned: payment.is_some(),
        ..expected(1, 7, "100", "Adaeze").not_here(paid_from, vec!["PX7K3F9Q2M".to_owned()])
    };
    let lines = [
        line(1, 8, "-100", "NIP/PX7K3F9Q2M"),
        line(2, 8, "-100", "TRF TO ADAEZE"),
        line(3, 9, "100", "RVSL/TRF TO ADAEZE"),
    ];
    let run_one = |paid_from, payment| run(input(&lines, &[left(paid_from, payment)]));
    let rest = [Class::OnBankNotInLedger, Class::UnlinkedReversal];
    for (paid_from, payment, class) in [
        (PaidFrom::Elsewhere, None, Class::Proposed),
        (PaidFrom::Elsewhere, Some(1), Class::DuplicatePayment),
        (PaidFrom::Nowhere, None, Class::OnBankNotInLedger),
    ] {
        let outcome = run_one(paid_from, payment);
        // Only its reference speaks here, and it has no class of its own.
        assert_eq!(classes(&outcome), ([&[class][..], &rest].concat(), vec![]));
        let named = &outcome.lines[&LineNumber::new(1)].withdrawals;
        assert_eq!(named, &[WithdrawalNumber::new(1)], "{paid_from:?}");
    }
    // Another amount is named too, and no sum of what is not to be paid is proposed.
    let parts = [
        line(1, 8, "-60", "NIP/PX7K3F9Q2M"),
        line(2, 8, "-40", "NIP/PX7K3F9Q2M"),
    ];
    let outcome = run(input(&parts, &[left(PaidFrom::Nowhere, None)]));
    assert_eq!(classes(&outcome), (vec![Class::Ambiguous; 2], vec![]));
    let outcome = run(input(&parts[..1], &[left(PaidFrom::Elsewhere, None)]));
    assert_eq!(classes(&outcome), (vec![Class::AmountDiffers], vec![]));
}
