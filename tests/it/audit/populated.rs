//! A ledger in which every table has rows, and the contents of its tables.

use std::collections::BTreeMap;

use rusqlite::{Connection, OpenFlags, types::Value};

use crate::support::Desk;

/// The trail's own tables: they alone may change where a command is refused.
const TRAIL: [&str; 2] = ["distribution_activity_log", "distribution_activity_rows"];

/// Makes a ledger with a row in every table: each command has run, some have been refused.
pub(crate) fn desk() -> Desk {
    let mut desk = Desk::with_register();
    // Later than the first holders, so that the ids of the others lie behind theirs.
    desk.at("2026-06-30T10:00:00.000000Z");
    desk.write("cap.csv", "holder,tokens\nh4,2.5\nh5,1\n");
    desk.write(
        "pay.csv",
        "withdrawal,reference,date\nW-000002,TRX-2,2026-06-02\n",
    );
    desk.write("one.csv", "holder,amount\nh1,1\n");
    for line in [
        "user set dayo --name Dayo --as ada",
        "project set LAGOS --name Lagos --as bola",
        "nav set LAGOS 500 --date 2026-01-01 --as bola",
        "token import cap.csv --project LAGOS --date 2026-01-02 --add --create-holders --as bola",
        "token transfer h1 h2 0.5 --project LAGOS --date 2026-02-01 --reference T-1 --as bola",
        "token redeem h5 1 --project LAGOS --date 2026-02-02 --as bola",
        "holder set h4 --bank-name Zenith --account-number 2000000004 --as ada",
        "holder set h4 --account-name Dayo --as ada",
        "holder block h3 --reason court-order --as ada",
        "event create E1 --project LAGOS --type exit --title Q1 --amount 90 --date 2026-03-31 --description sale --as bola --key k1",
        "event calculate E1 --as bola",
        "event calculate E1 --as bola",
        "event approve E1 --as chi",
        "event create E2 --project LAGOS --type other --title Typo --amount 10 --date 2026-03-31 --as bola",
        "event cancel E2 --reason typo --as bola",
        "project exclude h5 --project LAGOS --policy redistribute --reason treasury --from 2027-01-01 --as bola",
        "project include h5 --project LAGOS --until 2027-06-30 --as bola",
        "withdrawal request --event E1 --holder h1 --amount 5 --bank-name UBA --account-number 3000000001 --notes first --as bola",
        "withdrawal request --event E1 --all-holders --as bola",
        "withdrawal approve W-000001 W-000002 W-000003 --yes --as chi",
        "withdrawal pay W-000001 --reference TRX-1 --date 2026-06-01 --yes --amount 4 --notes half --as bola",
        "withdrawal pay --from pay.csv --yes --as bola",
        "payment return P-000002 --date 2026-06-03 --reason closed --as chi",
        "withdrawal request --event E1 --from one.csv --as bola",
        "withdrawal reject W-000005 --reason twice --as chi",
        "withdrawal request --event E1 --holder h1 --all --as bola",
        "withdrawal approve W-000006 --as chi --key k2",
        "withdrawal pay W-000006 --reference TRX-3 --date 2026-06-04 --yes --as bola",
        "withdrawal cancel W-000003 --as bola",
        "payment correct P-000003 --notes late --date 2026-06-03 --yes --reason typo --as ada",
        "payment settle P-000003 --reason lost --as ada",
        "payment settle P-000003 --undo --as ada",
        "event create E4 --project LAGOS --type other --title Proceeds --gross 100 --component income=rest --component interest=10 --date 2026-06-05 --as bola",
        "event deduct E4 --kind reserve --name Roof --amount 10 --as bola",
        "event exclude E4 h4 --policy retain --reason unsold --as bola",
        "event calculate E4 --as bola",
        "event approve E4 --as chi",
        "event create E3 --project LAGOS --type other --title Small --amount 0.30 --minimum 1000 --date 2026-06-05 --as bola",
        "event calculate E3 --as bola",
        "event approve E3 --as chi",
        "withdrawal list --show-pii --as dayo",
    ] {
        desk.ok(line);
    }
    bank_side(&mut desk);
    desk.refused("withdrawal approve W-000004 --as bola", 1, "user.forbidden");
    desk
}

/// Adds rows to the tables of the bank side: files, statements, lines in every kind of link, and
/// runs.
fn bank_side(desk: &mut Desk) {
    let lines = [
        ("2026-06-01", "TRX-1", -400, "TRF TRX-1 OFFICE"),
        ("2026-06-02", "B2", -2000, "NIP TRF"),
        ("2026-06-03", "B3", 2000, "RVSL NIP TRF"),
        ("2026-06-04", "TRX-3", -50, "COMMISSION"),
    ];
    desk.statement("june.csv", 100_000, &lines);
    desk.statement(
        "tax.csv",
        97_450,
        &[("2026-06-07", "RRR-310008", -900, "NRS WHT REMITTANCE")],
    );
    desk.write("later.sta", ":20:A\n:25:0000014579\n:28C:7/1\n:60F:C260605NGN975,50\n:61:2606050605D1,00NTRFREF1//B1\n:86:POS\n:62F:C260605NGN974,50\n-\n");
    for line in [
        crate::support::ADD_ACCOUNT,
        "bank add SPARE --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola",
        "bank set SPARE --bank-name GTB --as bola",
        "withdrawal request --event E1 --holder h2 --amount 2 --as bola",
        "withdrawal request --event E1 --holder h2 --amount 3 --as bola",
        "withdrawal approve W-000007 W-000008 --yes --as chi",
        "payment file create W-000007 --account OPS --profile generic --as bola --key k3",
        "payment file export F-000001 -o file.csv --as bola",
        "payment file cancel F-000001 --reason typo --as chi",
        "payment file create W-000007 W-000008 --account OPS --profile pain.001.001.09 --as bola",
        "bank import OPS june.csv --profile zenith --as bola --key k4",
        "bank import OPS later.sta --as bola",
        "bank import OPS tax.csv --as bola",
        "bank match L-000001 P-000001 --as bola",
        "bank rule add OPS --text CHQBOOK --kind fee --at-most 500 --as bola",
        "project set LAGOS --tax-profile ng-2026 --as bola",
        "tax certificate add h2 --kind exemption --reference FIRS/1 --from 2026-01-01 --until 2026-12-31 --as bola",
        "holder set h1 --kind company --tax-residence NG --as bola",
        "event create E9 --project LAGOS --type dividend --title Tax --amount 90 --date 2026-06-05 --as bola",
        "event exclude E9 h2 h3 h4 --policy redistribute --reason treasury --as bola",
        "event calculate E9 --as bola",
        "event approve E9 --as chi",
        "tax remit --authority NRS --period 2026-06 --reference RRR-310008 --date 2026-06-06 --as bola",
        "bank rule add OPS --text LEDGERFEE --kind fee --at-most 500 --as bola",
        "proposal approve Q-000001 --as chi",
    ] {
        desk.ok(line);
    }
    assert_eq!(
        desk.run("bank reconcile OPS --through 2026-06-30 --as bola --key k5")
            .code,
        3
    );
    for line in [
        "bank unmatch L-000001 --reason oops --as bola",
        "bank confirm L-000006 --as chi",
        "bank resolve L-000005 --kind fee --reason fee --as bola",
    ] {
        desk.ok(line);
    }
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    desk.write("history.csv", crate::history::FILE);
    desk.ok("history import history.csv --project LAGOS --as bola");
    desk.ok("proposal approve Q-000004 --as chi");
}

/// Opens the ledger without a lock that could stay.
pub(crate) fn open(desk: &Desk) -> Connection {
    Connection::open_with_flags(desk.ledger(), OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap()
}

/// Names the tables.
pub(crate) fn tables(conn: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut statement = conn.prepare(sql).unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Reads every row of every table but the trail's own.
pub(crate) fn books(desk: &Desk) -> BTreeMap<String, Vec<Vec<Value>>> {
    let conn = open(desk);
    let mut books = BTreeMap::new();
    for table in tables(&conn)
        .into_iter()
        .filter(|table| !TRAIL.contains(&table.as_str()))
    {
        let mut statement = conn
            .prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))
            .unwrap();
        let columns = statement.column_count();
        let rows = statement
            .query_map([], |row| (0..columns).map(|at| row.get(at)).collect())
            .unwrap();
        books.insert(table, rows.map(Result::unwrap).collect());
    }
    books
}
