//! What a profile leaves out, and columns of the other party that it names.

use super::{amounts, profile, with};

const TEXT: &str = "Date,Details,Ben,Ben Acct,E2E,Debit,Credit,Balance
01/06/2026,Rent,,,,,1000.00,1000.00
** printed on request **,,,,,,,
13/06/2026,Transfer,ADA OBI,0123456101,P-1,400.00,,600.00
Sum of debits,,,,,400.00,,
Page 1 of 1,,,,,,,
";

#[test]
fn rows_that_a_profile_leaves_out_are_named() {
    let own = profile(
        "name = \"own\"\nskip_end = 2\nskip_rows_like = [\"PRINTED  on\"]\n[columns]\ndate = \"Date\"\ndescription = \"Details\"\n\
         counterparty_name = \"Ben\"\ncounterparty_account = \"Ben Acct\"\nend_to_end = \"E2E\"\n",
    );
    let file = with(TEXT, Some(&own)).unwrap();
    let statement = &file.statements[0];
    assert_eq!(amounts(statement), ["1000.00", "-400.00"]);
    assert_eq!(statement.balance_ok, Some(true));
    let line = &statement.lines[1];
    assert_eq!(line.place, 4);
    assert_eq!(line.counterparty_name.as_deref(), Some("ADA OBI"));
    assert_eq!(line.counterparty_account.as_deref(), Some("0123456101"));
    assert_eq!(line.end_to_end.as_deref(), Some("P-1"));
    let said = &file.decisions[0];
    assert_eq!(
        said,
        "3 rows are left out, as the profile `own` says: line 3, 5, 6"
    );
}

#[test]
fn a_line_that_a_profile_leaves_out_breaks_the_balances() {
    let text = TEXT.replace("Sum of", "14/06/2026,Fee,,,,1.00,,599.00\nSum of");
    let whole = with(&text, None).unwrap().statements.remove(0);
    assert_eq!((whole.lines.len(), whole.running_balance_proven), (3, true));
    let own = profile("name = \"own\"\nskip_rows_like = [\"transfer\"]\n");
    let short = with(&text, Some(&own)).unwrap().statements.remove(0);
    assert_eq!(
        (short.lines.len(), short.running_balance_proven),
        (2, false)
    );
    assert!(!short.findings.is_empty());
}

#[test]
fn a_profile_has_no_empty_words() {
    let text = "name = \"own\"\nskip_rows_like = [\" \"]\n";
    let error = crate::statement::StatementProfile::parse(text).unwrap_err();
    assert!(error.to_string().contains("skip_rows_like"), "{error}");
}
