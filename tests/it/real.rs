//! A real snapshot of holders, distributed over: the register of the `SushiSwap` community with a
//! declaration of CWG Plc.

use std::path::{Path, PathBuf};

use crate::support::{Desk, has_program};

/// The snapshot: 751 holders with 18 decimals. It is not ours, and lies next to the project where it
/// is at hand.
fn snapshot() -> Option<PathBuf> {
    let place =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples/register/sak3-winners.csv");
    if place.exists() {
        return Some(place);
    }
    println!("skipped: the sample register is not next to the project");
    None
}

const DECLARED: &str = "100993054.36";

/// A ledger with the snapshot in its register, all holders with bank details, and the declaration
/// active as CWG-2022.
fn declared(snapshot: &Path) -> Desk {
    let desk = Desk::new();
    desk.ok("project add CWG --name CWG-Plc --as bola");
    let import = format!(
        "token import {} --project CWG --date 2023-01-01 --create-holders --columns holder=address,tokens=balance --as bola",
        snapshot.display()
    );
    let message = desk.refused(&import, 1, "file.bad_lines");
    assert!(message.contains("bad lines in"), "{message}");
    let imported = desk.json(&format!("{import} --round down"));
    assert_eq!(
        (
            imported["rows"].as_i64(),
            imported["holders_added"].as_i64()
        ),
        (Some(751), Some(751))
    );
    assert_eq!(
        desk.json(&format!("{import} --round down"))["already_imported"],
        true
    );
    desk.write("banks.csv", &banks(&desk));
    assert_eq!(
        desk.json("holder import banks.csv --update --as bola")["updated"],
        751
    );
    desk.ok("event create CWG-2022 --project CWG --type dividend --title Final-2022 --amount 100993054.36 --date 2023-05-04 --record-date 2023-04-17 --as bola");
    let event = desk.json("event calculate CWG-2022 --as bola");
    assert_eq!(
        (event["status"].as_str(), event["snapshot_date"].as_str()),
        (Some("calculated"), Some("2023-04-17"))
    );
    let hash = event["calculation_hash"].as_str().unwrap();
    desk.ok(&format!(
        "event approve CWG-2022 --hash {} --as chi",
        &hash[..12]
    ));
    desk
}

/// A holder file that gives everybody in the register a bank account.
fn banks(desk: &Desk) -> String {
    let register = desk.json("token register CWG");
    let rows = register
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let serial = format!("{at:09}");
            let check = prorata::domain::nuban::check_digit("058", &serial).unwrap();
            format!(
                "{},{},GTBank,058,{serial}{check}\n",
                row["holder"].as_str().unwrap(),
                row["holder_name"].as_str().unwrap()
            )
        });
    format!(
        "code,name,bank_name,bank_code,account_number\n{}",
        rows.collect::<String>()
    )
}

/// Adds plain decimals with two fractional digits, in the minor unit.
fn kobo(amount: &str) -> i128 {
    let (naira, kobo) = amount.split_once('.').unwrap();
    assert_eq!(kobo.len(), 2, "{amount} is payable");
    format!("{naira}{kobo}").parse().unwrap()
}

#[test]
fn a_real_declaration_over_a_real_register_is_allocated_paid_and_proven() {
    let Some(snapshot) = snapshot() else { return };
    let desk = declared(&snapshot);
    let allocations = desk.json("event allocations CWG-2022");
    let allocations = allocations.as_array().unwrap();
    assert_eq!(allocations.len(), 751);
    let sum: i128 = allocations
        .iter()
        .map(|row| kobo(row["allocated_amount"].as_str().unwrap()))
        .sum();
    assert_eq!(sum, kobo(DECLARED));

    let requested =
        desk.json("withdrawal request --event CWG-2022 --all-holders --key may-2023 --as bola");
    let requested = requested.as_array().unwrap();
    let payable = allocations
        .iter()
        .filter(|row| row["allocated_amount"] != "0.00")
        .count();
    assert_eq!(requested.len(), payable);
    desk.ok("withdrawal approve --event CWG-2022 --all --hash REVIEWED --as chi");

    let half = requested.iter().step_by(2);
    let rows = half.clone().map(|row| {
        let code = row["code"].as_str().unwrap();
        format!("{code},CWG/{code},2023-05-05\n")
    });
    desk.write(
        "paid.csv",
        &format!("withdrawal,reference,date\n{}", rows.collect::<String>()),
    );
    let paid = desk.json("withdrawal pay --from paid.csv --yes --as bola");
    let paid_sum: i128 = half
        .map(|row| kobo(row["requested_amount"].as_str().unwrap()))
        .sum();
    assert_eq!(paid.as_array().unwrap().len(), requested.len().div_ceil(2));
    let event = desk.json("event show CWG-2022");
    assert_eq!(kobo(event["total_withdrawn"].as_str().unwrap()), paid_sum);
    assert_eq!(
        kobo(event["total_pending"].as_str().unwrap()),
        kobo(DECLARED) - paid_sum
    );

    let returned =
        desk.json("payment return P-000007 --date 2023-05-08 --reason account-closed --as chi");
    let back = kobo(returned["amount"].as_str().unwrap());
    let event = desk.json("event show CWG-2022");
    assert_eq!(kobo(event["total_available"].as_str().unwrap()), back);
    assert_eq!(
        kobo(event["total_withdrawn"].as_str().unwrap()),
        paid_sum - back
    );
    desk.sound();
}

#[test]
fn the_same_file_of_payments_is_never_paid_twice() {
    let Some(snapshot) = snapshot() else { return };
    let desk = declared(&snapshot);
    desk.ok("withdrawal request --event CWG-2022 --all-holders --as bola");
    desk.ok("withdrawal approve --event CWG-2022 --all --hash REVIEWED --as chi");
    let waiting = desk.json("withdrawal list --event CWG-2022 --status approved");
    let rows = waiting.as_array().unwrap().iter().map(|row| {
        let code = row["code"].as_str().unwrap();
        format!("{code},R-{code},2023-05-05\n")
    });
    desk.write(
        "all.csv",
        &format!("withdrawal,reference,date\n{}", rows.collect::<String>()),
    );
    desk.ok("withdrawal pay --from all.csv --yes --as bola");
    assert_eq!(desk.json("event show CWG-2022")["status"], "completed");
    let again = desk.ok("withdrawal pay --from all.csv --yes --as bola");
    assert!(
        again.stderr.contains("nothing was written"),
        "{}",
        again.stderr
    );
    let payments = desk.json("payment list --event CWG-2022");
    assert_eq!(
        payments.as_array().unwrap().len(),
        waiting.as_array().unwrap().len()
    );
    desk.sound();
}

#[test]
fn every_report_of_a_real_register_adds_up() {
    let Some(snapshot) = snapshot() else { return };
    let desk = declared(&snapshot);
    desk.ok("withdrawal request --event CWG-2022 --all-holders --as bola");
    desk.ok("withdrawal approve --event CWG-2022 --all --hash REVIEWED --as chi");
    desk.ok("withdrawal pay W-1 --reference CWG/1 --date 2023-05-05 --yes --as bola");
    let balances = desk.json("report balances");
    let rows = balances.as_array().unwrap();
    let sum = |field: &str| {
        rows.iter()
            .map(|row| kobo(row[field].as_str().unwrap()))
            .sum::<i128>()
    };
    assert_eq!((rows.len(), sum("allocated_amount")), (751, kobo(DECLARED)));
    let event = desk.json("report history")[0].clone();
    assert_eq!(
        sum("withdrawn_amount"),
        kobo(event["total_withdrawn"].as_str().unwrap())
    );
    assert_eq!(
        sum("pending_amount"),
        kobo(event["total_pending"].as_str().unwrap())
    );
    let analytics = desk.json("report analytics");
    assert_eq!(analytics["concentration"][0]["holders"], 751);
    assert_eq!(analytics["top_holders"].as_array().unwrap().len(), 10);
    let largest = rows
        .iter()
        .map(|row| kobo(row["allocated_amount"].as_str().unwrap()))
        .max()
        .unwrap();
    assert_eq!(
        kobo(
            analytics["top_holders"][0]["allocated_amount"]
                .as_str()
                .unwrap()
        ),
        largest
    );
    let first = desk.json("withdrawal show W-1");
    let holder = first["holder"].as_str().unwrap();
    let statement = desk.json(&format!("report statement --holder {holder}"));
    assert_eq!(
        statement["balances"][0]["paid_amount"],
        first["payment_amount"]
    );
    let portfolio = desk.json(&format!("report portfolio --holder {holder}"));
    assert_eq!(portfolio["payments"][0]["reference"], "CWG/1");
    assert_eq!(
        desk.json("report allocations CWG-2022")
            .as_array()
            .unwrap()
            .len(),
        751
    );
    assert!(crate::xlsx::same_as_csv(&desk, "report balances") > 751);
    desk.ok("report dashboard -o page.html");
    desk.ok("report month-end 2026-06 -o june");
    check_books(&desk);
}

/// Gives every holder what tax depends on: each second one is a person in Lagos, the others are
/// companies, and every tenth company is at home abroad.
fn taxed_holders(desk: &Desk) {
    let holders = desk.json("holder list");
    let rows = holders.as_array().unwrap().iter().enumerate();
    let rows = rows.map(|(at, row)| {
        let [code, name] = ["code", "name"].map(|field| row[field].as_str().unwrap());
        let kind = match (at % 2, at % 20) {
            (0, _) => "individual,NG,LA",
            (_, 1) => "company,GB,",
            _ => "company,NG,",
        };
        format!("{code},{name},{kind},{at:010}\n")
    });
    let rows: String = rows.collect();
    desk.write(
        "tax.csv",
        &format!("code,name,kind,tax_residence,tax_state,tax_number\n{rows}"),
    );
    desk.ok("holder import tax.csv --update --as bola");
}

#[test]
fn ten_percent_of_a_real_declaration_is_withheld_paid_net_remitted_and_proven() {
    let Some(snapshot) = snapshot() else { return };
    let desk = declared(&snapshot);
    taxed_holders(&desk);
    desk.ok("project set CWG --tax-profile ng-2026 --as bola");
    desk.ok("event create CWG-2025 --project CWG --type dividend --title Final-2025 --amount 100993054.36 --date 2026-05-04 --record-date 2026-04-17 --as bola");
    desk.ok("event calculate CWG-2025 --as bola");
    desk.ok("event approve CWG-2025 --as chi");
    // Each tax is 10 % of its allocation, half a kobo up; the sum is what it is.
    let allocations = desk.json("event allocations CWG-2025");
    let of = |row: &serde_json::Value, field: &str| kobo(row[field].as_str().unwrap());
    let rows = allocations.as_array().unwrap().iter();
    let tax: i128 = rows
        .map(|row| {
            let (gross, tax) = (of(row, "allocated_amount"), of(row, "tax_amount"));
            assert_eq!(tax, (gross * 10 + 50) / 100, "{row}");
            assert_eq!(of(row, "net_amount"), gross - tax);
            tax
        })
        .sum();
    let event = desk.json("event show CWG-2025");
    assert_eq!(of(&event, "total_tax"), tax);
    assert_eq!(of(&event, "total_available"), kobo(DECLARED) - tax);
    let requested = desk.json("withdrawal request --event CWG-2025 --all-holders --as bola");
    desk.ok("withdrawal approve --event CWG-2025 --all --hash REVIEWED --as chi");
    let rows = requested.as_array().unwrap().iter().map(|row| {
        let code = row["code"].as_str().unwrap();
        format!("{code},CWG/{code},2026-06-30\n")
    });
    let rows: String = rows.collect();
    desk.write("paid.csv", &format!("withdrawal,reference,date\n{rows}"));
    desk.ok("withdrawal pay --from paid.csv --yes --as bola");
    assert_eq!(desk.json("event show CWG-2025")["status"], "completed");
    let due = desk.json("tax due");
    let due = due.as_array().unwrap();
    let authorities: Vec<&str> = (due.iter())
        .map(|row| row["authority"].as_str().unwrap())
        .collect();
    assert_eq!(authorities, ["NRS", "SIRS-LA"]);
    assert_eq!(due.iter().map(|row| of(row, "payable")).sum::<i128>(), tax);
    for authority in authorities {
        desk.ok(&format!("tax remit --authority {authority} --period 2026-06 --reference {authority}-1 --date today --as bola"));
        let schedule = desk.json(&format!(
            "report tax-schedule --authority {authority} --period 2026-06"
        ));
        let rows = schedule.as_array().unwrap().iter();
        let listed: i128 = rows.map(|row| of(row, "tax_amount")).sum();
        let owed = due.iter().find(|row| row["authority"] == authority);
        assert_eq!(listed, of(owed.unwrap(), "tax_amount"));
    }
    assert!(
        desk.json("tax due --overdue")
            .as_array()
            .unwrap()
            .is_empty()
    );
    desk.sound();
    check_books(&desk);
}

/// Asserts that hledger and Beancount accept the exported books, if they are installed.
fn check_books(desk: &Desk) {
    if has_program("hledger") && has_program("bean-check") {
        for (line, program, check) in [
            (
                "export hledger -o books.journal",
                "hledger",
                &["-f", "books.journal", "check", "--strict"][..],
            ),
            (
                "export beancount -o books.beancount",
                "bean-check",
                &["books.beancount"],
            ),
        ] {
            desk.ok(line);
            let mut command = std::process::Command::new(program);
            let ran = command
                .args(check)
                .current_dir(desk.path())
                .env("LC_ALL", "C.UTF-8")
                .output()
                .unwrap();
            assert!(
                ran.status.success(),
                "{program}: {}",
                String::from_utf8_lossy(&ran.stderr)
            );
        }
    }
}
