//! Costly inputs of the formats that are read line by line.

use super::{long, same};

pub(super) fn delimited() -> Vec<(&'static str, Vec<u8>)> {
    [quotes_and_lines(), headers_and_values()].concat()
}

/// Cells without an end, and lines that are usual, bad or continued.
fn quotes_and_lines() -> Vec<(&'static str, Vec<u8>)> {
    let header = "Date,Narration,Amount\n";
    vec![
        (
            "an open quote",
            same("Date,Narration,Amount\n2026-06-24,\"", "A", ",-1.00\n"),
        ),
        (
            "one field",
            same("Date,Narration,Amount\n2026-06-24,", "A", ",-1.00\n"),
        ),
        (
            "quoted lines",
            same("Date,Narration,Amount\n2026-06-24,\"", "A\n", "\",-1.00\n"),
        ),
        (
            "usual lines",
            long(
                header,
                |at| format!("2026-06-24,TRF TO OKORO REF {at:07} ABUJA BRANCH,-{at}.00\n"),
                "",
            ),
        ),
        (
            "bad lines",
            long(
                header,
                |at| format!("2026-06-31,TRF TO OKORO REF {at:07} ABUJA BRANCH,{at}.00\n"),
                "",
            ),
        ),
        (
            "continued lines",
            same(
                "Date,Narration,Amount\n2026-06-24,A,-1.00\n",
                ",more,\n",
                "",
            ),
        ),
    ]
}

/// Headers that are wide or many, and values that contradict each other.
fn headers_and_values() -> Vec<(&'static str, Vec<u8>)> {
    let header = "Date,Narration,Amount\n";
    vec![
        ("headers", same("", "Date,Narration,Amount\n", "")),
        (
            "a wide header",
            long(
                "Date,Amount,",
                |at| format!("Column {at},"),
                "\n2026-06-24,-1.00\n",
            ),
        ),
        (
            "many columns of one name",
            same("Date,Amount", ",Amount", "\n2026-06-24,-1.00\n"),
        ),
        (
            "a wide line",
            same("Date,Narration,Amount\n2026-06-24,A,-1.00", ",x", "\n"),
        ),
        (
            "account numbers above the header",
            same(
                "",
                "Account Number,0123456785\n",
                "Date,Narration,Amount\n2026-06-24,A,1.00\n",
            ),
        ),
        (
            "balances that break",
            long(
                "Date,Narration,Debit,Credit,Balance\n",
                |at| format!("24/06/2026,TRF TO SOMEONE,{at}.00,,{}.00\n", at * 7 % 1000),
                "",
            ),
        ),
        (
            "dates of two kinds",
            long(
                header,
                |at| {
                    format!(
                        "{:02}/{:02}/2026,TRANSFER TO SOMEONE,-{at}.00\n",
                        at % 12 + 1,
                        at / 12 % 12 + 1
                    )
                },
                "",
            ),
        ),
    ]
}

pub(super) fn mt940() -> Vec<(&'static str, Vec<u8>)> {
    [details(), tags()].concat()
}

/// Details that are continued, long or full of keywords.
fn details() -> Vec<(&'static str, Vec<u8>)> {
    let begins = ":20:A\n:25:123\n:28C:1/1\n:60F:C260601NGN1000,00\n";
    let one = ":61:2606050605D1,00NTRFREF1//B1\n";
    vec![
        (
            "continued details",
            same(
                &format!("{begins}{one}:86:first\n"),
                "and more of the same text\n",
                "",
            ),
        ),
        (
            "details of full width",
            long(
                &format!("{begins}{one}:86:first\n"),
                |_| format!("{}\n", "x".repeat(65)),
                "",
            ),
        ),
        (
            "structured details",
            same(
                &format!("{begins}{one}:86:166"),
                "?20ab",
                "\n:62F:C260605NGN999,00\n",
            ),
        ),
        (
            "keywords",
            same(&format!("{begins}{one}:86:"), "/EREF/AB/REMI/cd", "\n"),
        ),
    ]
}

/// Lines, balances and statements that are many, bad or without an end.
fn tags() -> Vec<(&'static str, Vec<u8>)> {
    let begins = ":20:A\n:25:123\n:28C:1/1\n:60F:C260601NGN1000,00\n";
    vec![
        (
            "lines",
            long(
                begins,
                |at| {
                    format!(
                        ":61:2606050605D{at},00NTRFREF{at}//B{at}\n:86:TRANSFER TO SOMEONE IN ABUJA\n"
                    )
                },
                "-\n",
            ),
        ),
        (
            "bad lines",
            long(
                begins,
                |at| {
                    format!(
                        ":61:2613050605D{at},00NTRFREF{at}//B{at}\n:86:TRANSFER TO SOMEONE IN ABUJA\n"
                    )
                },
                "-\n",
            ),
        ),
        ("details without a line", same(begins, ":86:x\n", "")),
        (
            "balances",
            same(
                ":20:A\n:25:123\n",
                ":60F:C260601NGN1000,00\n:62F:C260601NGN1000,00\n",
                "",
            ),
        ),
        (
            "statements",
            same(
                "",
                ":20:A\n:25:1\n:28C:1\n:60F:C260601NGN1,00\n:62F:C260601NGN1,00\n-\n",
                "",
            ),
        ),
        (
            "a line without an end",
            same(&format!("{begins}:61:2606050605D"), "1", ",00NTRF\n"),
        ),
        ("wrappers", same("", "{1:F01}{2:I940}{4:\n", begins)),
        ("unknown tags", same(begins, ":99:x\n", "")),
    ]
}

pub(super) fn imports() -> Vec<(&'static str, Vec<u8>)> {
    [holders(), registers_and_payments()].concat()
}

/// Files of holders, and cells without an end.
fn holders() -> Vec<(&'static str, Vec<u8>)> {
    let holders = "code,name,email,country,bank_name,bank_code,account_number,account_name\n";
    vec![
        ("an open quote", same("code,name\nada,\"", "A", "\n")),
        ("one field", same("code,name\nada,", "A", "\n")),
        ("quoted lines", same("code,name\nada,\"", "A\n", "\"\n")),
        (
            "usual holders",
            long(
                holders,
                |at| {
                    format!(
                        "H{at:07},Holder number {at},h{at}@example.org,NG,GTBank,058,{:010},Holder number {at}\n",
                        at + 1
                    )
                },
                "",
            ),
        ),
        (
            "bad holders",
            long(
                holders,
                |at| {
                    format!(
                        "H {at:07},Holder number {at},h{at}@example.org,NG,GTBank,058,{:03},Holder number {at}\n",
                        at % 999
                    )
                },
                "",
            ),
        ),
        (
            "holders twice",
            same(
                holders,
                "ada,Ada Obi of the long street,ada@example.org,NG,GTBank,058,0123456785,Ada Obi\n",
                "",
            ),
        ),
    ]
}

/// Files of tokens, payments and requests, and headers that are unusual.
fn registers_and_payments() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "a register",
            long(
                "holder,tokens,name\n",
                |at| format!("H{at:07},{at}.1234567,Holder number {at} of many\n"),
                "",
            ),
        ),
        (
            "cuts",
            long(
                "holder,tokens,name\n",
                |at| format!("H{at:07},{at}.123456789012345678,Holder number {at} of many\n"),
                "",
            ),
        ),
        (
            "payments",
            long(
                "withdrawal,reference,date,amount,notes\n",
                |at| format!("W-{at:06},TRX-2026-06-{at:07},2026-06-01,{at}.50,paid by transfer\n"),
                "",
            ),
        ),
        (
            "requests",
            long(
                "holder,amount,bank_name,account_number,notes\n",
                |at| format!("H{at:07},{at}.50,GTBank,{:010},quarter\n", at + 1),
                "",
            ),
        ),
        (
            "an unknown header",
            long("code,name", |at| format!(",column {at}"), "\nada,Ada\n"),
        ),
        (
            "a heading of many letters",
            same("code,", "x", "\nada,Ada\n"),
        ),
        (
            "numbers of many digits",
            same("holder,amount\nada,", "9", "\n"),
        ),
    ]
}

pub(super) fn profiles() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("deep arrays", same("name = ", "[", "")),
        ("deep tables", same("name = ", "{a=", "")),
        ("dotted keys", same("a", ".a", " = 1")),
        ("a deep table", same("[a", ".a", "]")),
        ("many keys", long("name = \"x\"\n", |at| format!("key{at} = {at}\n"), "")),
        ("many tables", long("name = \"x\"\n", |at| format!("[t{at}]\n"), "")),
        ("many words", long("name = \"x\"\nskip_words = [", |at| format!("\"w{at}\","), "]\n")),
        (
            "many columns",
            long(
                "name = \"x\"\n[columns]\ndate = 1\namount = 2\ndescription = [",
                |at| format!("{},", at % 50 + 1),
                "]\n---\n2026-06-24,1.00\n",
            ),
        ),
        ("a long string", same("name = \"", "x", "\"")),
        ("an open string", same("name = \"\"\"", "x\n", "")),
        ("a long date format", same("name = \"x\"\ndate_format = \"DD/MM/YYYY", "/", "\"")),
        ("columns of a command line", long("date=1", |at| format!(",description={}", at % 90 + 1), "")),
        (
            "a far column",
            b"name = \"x\"\nheader = false\n[columns]\ndate = 18446744073709551615\namount = 9223372036854775807\n".to_vec(),
        ),
        ("a far skip", b"name = \"x\"\nskip = 9223372036854775807\n".to_vec()),
    ]
}
