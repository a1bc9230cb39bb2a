//! Payment files: their bytes, and what the schemas of ISO 20022 say to them.

use std::{
    convert::Infallible,
    path::PathBuf,
    process::{Command, Stdio},
};

use prorata::{
    domain::{
        account::{AccountNumber, BankAccount},
        code::{Code, FileNumber, WithdrawalNumber},
        currency::Currency,
        end_to_end::EndToEnd,
        quantity::{Amount, Total},
        time::{Instant, parse_date},
    },
    payfile::{FileHeader, Layout, PaymentItem, write},
};

use crate::support::has_program;

fn bank(name: &str, code: Option<&str>, number: &str) -> BankAccount {
    BankAccount {
        bank_name: name.to_owned(),
        bank_code: code.map(str::to_owned),
        account_number: AccountNumber::parse(number).unwrap(),
        account_name: None,
    }
}

fn item(number: i64, amount: &str, holder_name: &str, bank: BankAccount) -> PaymentItem {
    PaymentItem {
        withdrawal: WithdrawalNumber::new(number),
        end_to_end: reference(number),
        amount: Amount::parse(amount).unwrap(),
        holder: Code::parse("ada").unwrap(),
        holder_name: holder_name.to_owned(),
        bank,
        event: Code::parse("MARINA-2026-Q1").unwrap(),
    }
}

fn file(
    layout: Layout,
    currency: &str,
    debtor: &str,
    account: &BankAccount,
    items: &[PaymentItem],
) -> String {
    let header = FileHeader {
        number: FileNumber::new(1),
        message_id: "PR-0198F3A1B2C37D4E8F90A1B2C3D4E5F6".to_owned(),
        created_at: Instant::parse("2026-04-01T09:30:00.123456Z").unwrap(),
        execution_date: parse_date("2026-04-02").unwrap(),
        currency: Currency::parse(currency).unwrap(),
        debtor: debtor.to_owned(),
        account: account.clone(),
        count: u64::try_from(items.len()).unwrap(),
        total: items
            .iter()
            .map(|item| item.amount)
            .sum::<Option<Total>>()
            .unwrap(),
    };
    let mut out = Vec::new();
    write(
        layout,
        &header,
        items.iter().cloned().map(Ok::<_, Infallible>),
        &mut out,
    )
    .unwrap();
    String::from_utf8(out).unwrap()
}

/// A NUBAN with an account name, an IBAN, and an account of which little is known.
fn three() -> [PaymentItem; 3] {
    let mut named = bank("GTBank", Some("058"), "0123456785");
    named.account_name = Some("Adaeze & Sons".to_owned());
    [
        item(1, "1250000.5", "Adaeze Okonkwo", named),
        item(
            2,
            "0.01",
            "J\u{fc}rgen \"J\" M\u{fc}ller",
            bank("Test Bank", Some("COBADEFF"), "DE44500105175407324931"),
        ),
        item(3, "3", "=SUM(A1)", bank("Kuda, Lagos", None, "0000000017")),
    ]
}

fn payer() -> BankAccount {
    bank("Zenith Bank", Some("057"), "2007654321")
}

#[test]
fn a_generic_file_has_its_columns() {
    insta::assert_snapshot!(
        "generic",
        file(Layout::Generic, "NGN", "Marina Fund", &payer(), &three())
    );
}

#[test]
fn a_message_of_version_3_stays_the_same_byte_for_byte() {
    insta::assert_snapshot!(
        "pain_001_001_03",
        file(Layout::Pain00103, "NGN", "Marina Fund", &payer(), &three())
    );
}

#[test]
fn a_message_of_version_9_stays_the_same_byte_for_byte() {
    insta::assert_snapshot!(
        "pain_001_001_09",
        file(Layout::Pain00109, "NGN", "Marina Fund", &payer(), &three())
    );
}

/// The schemas are not ours, and are next to the project if they are at hand.
pub(crate) fn schema(version: &str) -> Option<PathBuf> {
    let samples = std::env::var_os("PRORATA_SAMPLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples")),
        PathBuf::from,
    );
    let schema = samples.join(format!("bank/xsd-{version}.xsd"));
    if schema.exists() {
        return Some(schema);
    }
    println!("skipped: the schemas of ISO 20022 are not next to the project");
    None
}

/// Names that a careless writer breaks on, and accounts of every kind.
fn hostile(amounts: [&str; 3]) -> Vec<PaymentItem> {
    let names = [
        "\"Quotes\" & 'apostrophes' <b>]]></b> <!-- -->".to_owned(),
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{20a6} \u{5d0}\u{627} \u{fffe}\u{1}\u{85}x"
            .to_owned(),
        "\u{1f600}".repeat(200),
        format!("{}   x", "n".repeat(139)),
        "x".repeat(200),
    ];
    let long = "b".repeat(35);
    let banks = [
        bank("GTBank", Some("058"), "0123456785"),
        bank("<&>", Some("COBADEFFXXX"), "DE44500105175407324931"),
        bank(&"\u{1f3e6}".repeat(200), None, &"A".repeat(34)),
        bank("", None, "0000"),
        bank("", Some("a&b<c>\"'"), "NG12"),
        bank("Long code", Some(&long), "0123456784"),
        bank("Looks like a BIC", Some("A1B2NGLA"), "0123456785"),
        bank(
            "Looks like a BIC in version 9 only",
            Some("GTBINGOO"),
            "0123456785",
        ),
    ];
    let mut items = Vec::new();
    for name in &names {
        for (bank, amount) in banks.iter().zip(amounts.into_iter().cycle()) {
            let number = i64::try_from(items.len()).unwrap() + 1;
            items.push(item(number, amount, name, bank.clone()));
        }
    }
    items
}

#[test]
fn messages_are_valid_against_the_schemas_whatever_the_ledger_holds() {
    if !has_program("xmllint") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for layout in [Layout::Pain00103, Layout::Pain00109] {
        let Some(schema) = schema(layout.as_str()) else {
            return;
        };
        let plain = file(layout, "NGN", "Marina Fund", &payer(), &three());
        let mut messages = vec![plain.clone()];
        for (currency, amounts) in [
            ("NGN", ["0.01", "9999999999999.99", "1250000.5"]),
            ("JPY", ["1", "9999999999999", "1250000"]),
            ("KWD", ["0.001", "99999999999.999", "1250000.5"]),
            ("CLF", ["0.0001", "99999999999.9999", "1250000.5"]),
        ] {
            for account in &hostile(amounts)[..8] {
                messages.push(file(
                    layout,
                    currency,
                    &account.holder_name,
                    &account.bank,
                    &hostile(amounts),
                ));
            }
        }
        // The schemas catch what is wrong, so that the test tells something.
        let wrong = plain
            .replace("<EndToEndId>", "<EndToEndId>a")
            .replace("</EndToEndId>", &format!("{}</EndToEndId>", "x".repeat(35)));
        assert!(!valid(&schema, &folder.path().join("wrong.xml"), &wrong));
        for (number, message) in messages.iter().enumerate() {
            let path = folder.path().join(format!("{layout}-{number}.xml"));
            assert!(
                valid(&schema, &path, message),
                "{layout}: message {number} is not valid:\n{message}"
            );
        }
    }
}

fn valid(schema: &std::path::Path, path: &std::path::Path, message: &str) -> bool {
    std::fs::write(path, message).unwrap();
    let mut lint = Command::new("xmllint");
    let lint = lint
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg(path)
        .stdin(Stdio::null());
    let ran = lint.output().unwrap();
    if !ran.status.success() {
        println!(
            "{}",
            String::from_utf8_lossy(&ran.stderr)
                .lines()
                .take(5)
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
    ran.status.success()
}

/// Makes a reference; the two letters are there in each.
fn reference(number: i64) -> String {
    let number = 805_409_464_320 + u64::try_from(number).unwrap();
    EndToEnd::of_number(number).unwrap().to_string()
}
