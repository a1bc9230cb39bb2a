use std::{collections::BTreeMap, io};

use proptest::prelude::*;
use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use super::{form::clean, *};
use crate::domain::{
    account::{AccountNumber, BankAccount},
    code::{Code, FileNumber, WithdrawalNumber},
    currency::Currency,
    end_to_end::EndToEnd,
    quantity::{Amount, ONE, Total},
    time::{Instant, parse_date},
};

const REFERENCES: u64 = 1_000;

fn bank(code: Option<&str>, number: &str) -> BankAccount {
    BankAccount {
        bank_name: "GTBank".to_owned(),
        bank_code: code.map(str::to_owned),
        account_number: AccountNumber::parse(number).unwrap(),
        account_name: None,
    }
}

fn item(number: i64, amount: &str) -> PaymentItem {
    PaymentItem {
        withdrawal: WithdrawalNumber::new(number),
        end_to_end: reference(number),
        amount: Amount::parse(amount).unwrap(),
        holder: Code::parse("ada").unwrap(),
        holder_name: "Ada Obi".to_owned(),
        bank: bank(Some("058"), "0123456785"),
        event: Code::parse("MARINA-2026-Q1").unwrap(),
    }
}

fn header(currency: &str, items: &[PaymentItem]) -> FileHeader {
    FileHeader {
        number: FileNumber::new(1),
        message_id: "PRORATA-0198F3A1".to_owned(),
        created_at: Instant::parse("2026-04-01T09:30:00.123456Z").unwrap(),
        execution_date: parse_date("2026-04-02").unwrap(),
        currency: Currency::parse(currency).unwrap(),
        debtor: "Marina Fund".to_owned(),
        account: bank(Some("058"), "0123456785"),
        count: u64::try_from(items.len()).unwrap(),
        total: items
            .iter()
            .map(|item| item.amount)
            .sum::<Option<Total>>()
            .unwrap(),
    }
}

fn written(layout: Layout, header: &FileHeader, items: &[PaymentItem]) -> Result<String, String> {
    let mut out = Vec::new();
    let result = write(
        layout,
        header,
        items.iter().cloned().map(Ok::<_, io::Error>),
        &mut out,
    );
    result
        .map(|_| String::from_utf8(out).unwrap())
        .map_err(|error| error.to_string())
}

/// Reads a message as the texts of its leaves: one map for what is above the payments and one
/// for each payment.
fn read(xml: &str) -> (BTreeMap<String, String>, Vec<BTreeMap<String, String>>) {
    let (mut head, mut payments) = (BTreeMap::new(), Vec::<BTreeMap<String, String>>::new());
    let (mut path, mut text, mut reader) =
        (Vec::<String>::new(), String::new(), Reader::from_str(xml));
    let name = |start: &BytesStart<'_>| start.name().as_ref().to_owned();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                path.push(name(&start));
                text.clear();
                if path.last().unwrap() == "CdtTrfTxInf" {
                    payments.push(BTreeMap::new());
                }
                if let Some(currency) = start.try_get_attribute("Ccy").unwrap() {
                    payments
                        .last_mut()
                        .unwrap()
                        .insert("Ccy".to_owned(), currency.value.to_string());
                }
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(entity) => text.push_str(resolve_predefined_entity(&entity).unwrap()),
            Event::End(_) => {
                let within = path.iter().position(|element| element == "CdtTrfTxInf");
                let key = path[within.map_or(2.min(path.len()), |at| at + 1)..].join("/");
                let leaves = if within.is_some() {
                    payments.last_mut().unwrap()
                } else {
                    &mut head
                };
                if !text.trim().is_empty() {
                    leaves.insert(key, std::mem::take(&mut text));
                }
                path.pop();
            }
            Event::Eof => return (head, payments),
            Event::Decl(_) => {}
            Event::Empty(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::PI(_)
            | Event::DocType(_) => {
                panic!("a message has nothing but elements and texts")
            }
        }
    }
}

/// Items whose names, banks and amounts are whatever a ledger can hold.
fn items(decimals: u32) -> impl Strategy<Value = Vec<PaymentItem>> {
    let unit = ONE / 10_i128.pow(decimals);
    let numbers = prop::collection::btree_set(0..REFERENCES, 1..12);
    let number = prop_oneof![
        Just("0123456785"),
        Just("DE44500105175407324931"),
        Just("0000000000"),
        Just("AB12CD")
    ];
    let code = prop_oneof![
        Just(None),
        Just(Some("058")),
        Just(Some("GTBINGLA")),
        Just(Some("a&b"))
    ];
    let one = (
        1..10_i128.pow(13),
        "\\PC{1,200}",
        "[A-Za-z<>&\"' ]{0,150}",
        number,
        code,
    );
    (numbers, prop::collection::vec(one, 12)).prop_map(move |(numbers, parts)| {
        let whole = numbers.into_iter().zip(parts).map(
            |(number, (units, name, bank_name, account, code))| PaymentItem {
                amount: Amount::from_units(units * unit).unwrap(),
                holder_name: format!("x{name}"),
                bank: BankAccount {
                    bank_name,
                    ..bank(code, account)
                },
                ..item(i64::try_from(number).unwrap(), "1")
            },
        );
        whole.collect()
    })
}

proptest! {
    #[test]
    fn a_message_read_back_has_the_same_payments_and_sums(
        (currency, items) in prop_oneof![Just(("NGN", 2)), Just(("JPY", 0)), Just(("KWD", 3))]
            .prop_flat_map(|(currency, decimals)| (Just(currency), items(decimals)))
    ) {
        for layout in [Layout::Pain00103, Layout::Pain00109] {
            let header = header(currency, &items);
            let xml = written(layout, &header, &items).unwrap();
            prop_assert_eq!(&xml, &written(layout, &header, &items).unwrap());
            let (head, payments) = read(&xml);
            let sum: i128 = payments.iter().map(|payment| Amount::parse(&payment["Amt/InstdAmt"]).unwrap().units()).sum();
            for level in ["GrpHdr", "PmtInf"] {
                prop_assert_eq!(head[&format!("{level}/NbOfTxs")].parse(), Ok(payments.len()));
                prop_assert_eq!(Total::parse(&head[&format!("{level}/CtrlSum")]).unwrap().units(), sum);
            }
            prop_assert_eq!(payments.len(), items.len());
            for (payment, item) in payments.iter().zip(&items) {
                prop_assert_eq!(&payment["PmtId/InstrId"], &item.withdrawal.to_string());
                prop_assert_eq!(&payment["PmtId/EndToEndId"], &item.end_to_end);
                prop_assert_eq!(&payment["Ccy"], currency);
                prop_assert_eq!(Amount::parse(&payment["Amt/InstdAmt"]), Ok(item.amount));
                let decimals = payment["Amt/InstdAmt"].split_once('.').map_or(0, |(_, decimals)| decimals.len());
                prop_assert_eq!(u32::try_from(decimals), Ok(header.currency.decimals()));
                let name: String = item.holder_name.chars().take(140).collect();
                prop_assert_eq!(&payment["Cdtr/Nm"], name.trim_end());
                let number = payment.get("CdtrAcct/Id/IBAN").or_else(|| payment.get("CdtrAcct/Id/Othr/Id")).unwrap();
                prop_assert_eq!(number.as_str(), item.bank.account_number.reveal());
                prop_assert_eq!(payment.contains_key("CdtrAcct/Id/IBAN"), number.starts_with("DE"));
                let found = EndToEnd::find_in(&payment["RmtInf/Ustrd"]);
                prop_assert_eq!(found[0].as_str(), &item.end_to_end);
            }
        }
    }

    #[test]
    fn a_table_read_back_has_the_same_payments(items in items(2)) {
        let header = header("NGN", &items);
        let csv = written(Layout::Generic, &header, &items).unwrap();
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), items.len());
        prop_assert!(!csv.contains('\r'));
        let sum: i128 = rows.iter().map(|row| Amount::parse(&row[8]).unwrap().units()).sum();
        prop_assert_eq!(sum, header.total.units());
        for (row, item) in rows.iter().zip(&items) {
            prop_assert_eq!(&row[1], &item.end_to_end);
            prop_assert_eq!(&row[4], item.holder_name.trim());
            prop_assert_eq!(&row[7], item.bank.account_number.reveal());
            for cell in [4, 5, 6, 11] {
                prop_assert!(!row[cell].starts_with(['=', '+', '-', '@', '\t', '\r']));
            }
        }
    }
}

#[test]
fn what_does_not_agree_with_its_header_is_an_error_and_has_no_end() {
    let items = [item(1, "1.25"), item(2, "2")];
    let right = header("NGN", &items);
    let wrong = |change: fn(&mut FileHeader)| {
        let mut header = right.clone();
        change(&mut header);
        header
    };
    for layout in Layout::ALL.iter().copied() {
        let say = |header: &FileHeader| written(layout, header, &items).unwrap_err();
        assert_eq!(
            say(&wrong(|header| header.count = 3)),
            "payment file F-000001 says 3 payments and has 2"
        );
        let total = wrong(|header| header.total = Total::parse("3.26").unwrap());
        assert_eq!(
            say(&total),
            "payment file F-000001 says a total of 3.26 and has 3.25"
        );
        assert_eq!(
            say(&wrong(|header| header.count = 0)),
            "payment file F-000001 cannot be written: it has no payments"
        );
        let mut out = Vec::new();
        let _: Result<String, WriteError<io::Error>> =
            write(layout, &total, items.iter().cloned().map(Ok), &mut out);
        assert!(
            !String::from_utf8(out).unwrap().contains("</PmtInf>"),
            "{layout}"
        );
    }
}

#[test]
fn what_a_bank_could_misread_is_an_error() {
    let long = "1".repeat(36);
    let cases: Vec<(PaymentItem, &str)> = vec![
        (
            PaymentItem {
                end_to_end: "W-000001".to_owned(),
                ..item(1, "1")
            },
            "its end-to-end reference fails its check",
        ),
        (
            PaymentItem {
                end_to_end: item(1, "1").end_to_end.to_lowercase(),
                ..item(1, "1")
            },
            "its end-to-end reference fails its check",
        ),
        (
            PaymentItem {
                end_to_end: item(9, "1").end_to_end,
                ..item(1, "1")
            },
            "another payment of the file has the same end-to-end reference",
        ),
        (item(1, "0"), "its amount is zero"),
        (
            item(1, "1.001"),
            "its amount is finer than the smallest that a bank pays",
        ),
        (
            PaymentItem {
                holder_name: "\u{1}\u{7f} ".to_owned(),
                ..item(1, "1")
            },
            "it does not name who is paid",
        ),
    ];
    for layout in Layout::ALL.iter().copied() {
        for (bad, why) in &cases {
            let items = [item(9, "1"), bad.clone()];
            let says = format!("withdrawal W-000001 cannot be in a payment file: {why}");
            assert_eq!(
                written(layout, &header("NGN", &items), &items),
                Err(says),
                "{layout}"
            );
        }
    }
    let long_code = [PaymentItem {
        bank: bank(Some(&long), "0123456785"),
        ..item(1, "1")
    }];
    for layout in [Layout::Pain00103, Layout::Pain00109] {
        let says = "withdrawal W-000001 cannot be in a payment file: the bank's code is longer than 35 characters";
        assert_eq!(
            written(layout, &header("NGN", &long_code), &long_code),
            Err(says.to_owned())
        );
    }
    let yen = [item(1, "1.5")];
    assert!(written(Layout::Pain00109, &header("JPY", &yen), &yen).is_err());
}

#[test]
fn a_header_that_iso_20022_does_not_allow_is_an_error() {
    let items = [item(1, "1")];
    let right = header("NGN", &items);
    let long = "x".repeat(36);
    for layout in [Layout::Pain00103, Layout::Pain00109] {
        for id in [
            "",
            &long,
            "/a",
            "a/",
            "a//b",
            " a",
            "a_b",
            "caf\u{e9}",
            "a\nb",
        ] {
            let header = FileHeader {
                message_id: id.to_owned(),
                ..right.clone()
            };
            assert!(
                written(layout, &header, &items)
                    .unwrap_err()
                    .contains("message id"),
                "{id}"
            );
        }
        let header = FileHeader {
            debtor: "\u{85}".to_owned(),
            ..right.clone()
        };
        assert!(
            written(layout, &header, &items)
                .unwrap_err()
                .contains("who pays")
        );
        let header = FileHeader {
            total: Total::parse("10000000000000000").unwrap(),
            ..right.clone()
        };
        assert!(
            written(layout, &header, &items)
                .unwrap_err()
                .contains("18 digits")
        );
        let header = FileHeader {
            account: bank(Some(&long), "0123456785"),
            ..right.clone()
        };
        assert!(
            written(layout, &header, &items)
                .unwrap_err()
                .contains("bank's code")
        );
    }
}

#[test]
fn an_error_of_the_payments_or_of_the_output_is_passed_on() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let items = [item(1, "1")];
    let header = header("NGN", &items);
    for layout in Layout::ALL.iter().copied() {
        let full = write(
            layout,
            &header,
            items.iter().cloned().map(Ok::<_, io::Error>),
            Full,
        )
        .unwrap_err();
        assert!(
            matches!(&full, WriteError::Output(error) if error.kind() == io::ErrorKind::StorageFull),
            "{full:?}"
        );
        let broken = write(
            layout,
            &header,
            [Err::<PaymentItem, _>("the ledger is gone")],
            io::sink(),
        )
        .unwrap_err();
        assert_eq!(broken.to_string(), "the ledger is gone");
    }
}

#[test]
fn a_bank_is_named_as_exactly_as_it_is_known() {
    let told = |layout: Layout, name: &str, code: Option<&str>| {
        let bank = BankAccount {
            bank_name: name.to_owned(),
            ..bank(code, "0123456785")
        };
        let items = [PaymentItem {
            bank,
            ..item(1, "1")
        }];
        let payment = read(&written(layout, &header("NGN", &items), &items).unwrap())
            .1
            .remove(0);
        let of_agent = |(path, text): (&String, &String)| {
            Some(format!(
                "{}={text}",
                path.strip_prefix("CdtrAgt/FinInstnId/")?
            ))
        };
        payment
            .iter()
            .filter_map(of_agent)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (old, new) = (Layout::Pain00103, Layout::Pain00109);
    assert_eq!(told(old, "GTBank", Some("GTBINGLA")), "BIC=GTBINGLA");
    assert_eq!(
        told(new, "GTBank", Some("gtbinglaxxx")),
        "BICFI=GTBINGLAXXX"
    );
    // Digits in the first four places came with the later version.
    assert_eq!(
        told(old, "GTBank", Some("A1B2NGLA")),
        "ClrSysMmbId/MmbId=A1B2NGLA Nm=GTBank"
    );
    assert_eq!(told(new, "GTBank", Some("A1B2NGLA")), "BICFI=A1B2NGLA");
    assert_eq!(
        told(old, "GTBank", Some("12345678")),
        "ClrSysMmbId/MmbId=12345678 Nm=GTBank"
    );
    assert_eq!(
        told(new, "GTBank", Some("058")),
        "ClrSysMmbId/MmbId=058 Nm=GTBank"
    );
    assert_eq!(told(new, "GTBank", None), "Nm=GTBank");
    assert_eq!(told(new, " ", Some("058")), "ClrSysMmbId/MmbId=058");
    assert_eq!(told(new, "", None), "Othr/Id=NOTPROVIDED");
}

#[test]
fn words_are_cleaned_and_cut_between_characters() {
    assert_eq!(clean(" a\u{1}b\u{fffe}\u{85}c\n", usize::MAX), "a b  c");
    assert_eq!(clean("\u{1f600}\u{e9}x", 2), "\u{1f600}\u{e9}");
    assert_eq!(clean("ab cd", 3), "ab");
}

/// Makes a reference; the two letters are there in each.
fn reference(number: i64) -> String {
    let number = 805_409_464_320 + u64::try_from(number).unwrap();
    EndToEnd::of_number(number).unwrap().to_string()
}
