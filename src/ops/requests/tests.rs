//! The stored form of every request outside of the bank side: a changed form would make a repeated
//! command with a key of an earlier version look like another command.

use super::*;
use crate::{
    domain::{
        account::BankDetails,
        code::Code,
        currency::Currency,
        event::{ComponentTerm, DeductionBase, DeductionKind, EventType},
        holder::HolderField,
        payment::PaymentInput,
        payment_file::Layout,
        quantity::{Amount, Percent, Tokens},
        rounding::Rounding,
        time::parse_date,
        token::EntryKind,
        user::{Role, UserStatus},
        withdrawal::{Ask, Means},
    },
    ops::{event, holder, nav, payment, project, token, user, withdrawal},
};

fn form(request: &impl Serialize) -> String {
    serde_json::to_string(request).unwrap()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one list of requests")]
fn the_form_of_every_request_about_people_and_projects_is_fixed() {
    let code = Code::parse("ada").unwrap();
    let bank = BankDetails {
        bank_name: Some("GTBank".to_owned()),
        ..BankDetails::default()
    };
    let holder_input = holder::Input {
        code: "h1".to_owned(),
        name: Some("Ada".to_owned()),
        email: None,
        country: None,
        tax: crate::domain::tax::TaxDetails::default(),
        bank,
        clear: Vec::new(),
    };
    let entry = token::Input {
        kind: EntryKind::Transfer,
        holder: "h1".to_owned(),
        to: Some("h2".to_owned()),
        tokens: Tokens::parse("2.5").unwrap(),
        project: "P".to_owned(),
        date: parse_date("2026-01-31").unwrap(),
        reference: None,
    };
    let new_project = project::NewProject {
        code: code.clone(),
        name: "Tower".to_owned(),
        currency: Currency::parse("NGN").unwrap(),
    };
    let change = project::Change {
        project: "P".to_owned(),
        name: Some("Tower".to_owned()),
        minimum_payout: None,
        stale_after: None,
        tax_profile: None,
    };
    let new_user = user::NewUser {
        code,
        role: Role::Operator,
        name: None,
    };
    let user_change = user::Change {
        user: "ada".to_owned(),
        role: None,
        name: None,
        status: Some(UserStatus::Inactive),
    };
    let renaming = holder::Renaming {
        holder: "h1".to_owned(),
        code: Code::parse("ada").unwrap(),
    };
    let mut cleared = holder_input.clone();
    cleared.clear = vec![HolderField::TaxNumber];
    let init = Init {
        name: None,
        four_eyes: FourEyes::On,
    };
    let block = HolderBlock {
        holder: "h1",
        reason: "court",
    };
    let list = SheetFile::of(b"x");
    let holders = holder::ImportRequest {
        file: &list,
        existing: holder::ExistingHolders::Update,
    };
    let history = HistoryImport {
        project: "P",
        file: &list,
    };
    let tokens = TokenImport {
        project: "P",
        file_hash: "ab",
        options: "{}",
    };
    let cases = [
        (form(&init), r#"{"name":null,"four_eyes":"on"}"#),
        (form(&Backup { file: "b.db" }), r#"{"file":"b.db"}"#),
        (form(&block), r#"{"holder":"h1","reason":"court"}"#),
        (
            form(&holders),
            r#"{"file_hash":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","existing":"update"}"#,
        ),
        (
            form(&history),
            r#"{"project":"P","file":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}"#,
        ),
        (
            form(&tokens),
            r#"{"project":"P","file_hash":"ab","options":"{}"}"#,
        ),
        (
            form(&holder_input),
            r#"{"code":"h1","name":"Ada","email":null,"country":null,"bank":{"bank_name":"GTBank","bank_code":null,"account_number":null,"account_name":null}}"#,
        ),
        (
            form(&cleared),
            r#"{"code":"h1","name":"Ada","email":null,"country":null,"bank":{"bank_name":"GTBank","bank_code":null,"account_number":null,"account_name":null},"clear":["tax_number"]}"#,
        ),
        (form(&renaming), r#"{"holder":"h1","code":"ada"}"#),
        (
            form(&entry),
            r#"{"kind":"transfer","holder":"h1","to":"h2","tokens":"2.5000000","project":"P","date":"2026-01-31","reference":null}"#,
        ),
        (
            form(&new_project),
            r#"{"code":"ada","name":"Tower","currency":"NGN"}"#,
        ),
        (form(&change), r#"{"project":"P","name":"Tower"}"#),
        (
            form(&new_user),
            r#"{"code":"ada","role":"operator","name":null}"#,
        ),
        (
            form(&user_change),
            r#"{"user":"ada","role":null,"name":null,"status":"inactive"}"#,
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn the_form_of_every_request_about_withdrawals_is_fixed() {
    let date = parse_date("2026-01-31").unwrap();
    let one = withdrawal::RequestSource::One {
        holder: "h1".to_owned(),
        ask: Ask::All,
        bank: BankDetails::default(),
        notes: None,
    };
    let all = withdrawal::RequestSource::AllHolders {
        strictness: withdrawal::Strictness::LeaveOut,
        notes: None,
    };
    let file = withdrawal::RequestSource::File(SheetFile::of(b"x"));
    let request = |source| {
        form(&withdrawal::WithdrawalRequest {
            event: "E",
            source,
            means: Means::Transfer,
        })
    };
    let payment = withdrawal::PaymentSource::One {
        withdrawal: "W-1".to_owned(),
        payment: PaymentInput {
            reference: "R".to_owned(),
            date,
            amount: None,
            notes: None,
            means: None,
        },
    };
    let these = Selection::These(vec!["W-1".to_owned()]);
    let rejection = WithdrawalRejection {
        selection: &these,
        reason: "no",
    };
    let x = r#""2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881""#;
    let cases = [
        (
            request(&one),
            r#"{"event":"E","source":{"one":{"holder":"h1","ask":"all","bank":{"bank_name":null,"bank_code":null,"account_number":null,"account_name":null},"notes":null}}}"#.to_owned(),
        ),
        (
            request(&all),
            r#"{"event":"E","source":{"all_holders":{"strictness":"leave_out","notes":null}}}"#.to_owned(),
        ),
        (
            request(&file),
            format!(r#"{{"event":"E","source":{{"file":{x}}}}}"#),
        ),
        (
            form(&payment),
            r#"{"one":{"withdrawal":"W-1","payment":{"reference":"R","date":"2026-01-31","amount":null,"notes":null}}}"#.to_owned(),
        ),
        (
            form(&withdrawal::PaymentSource::File(SheetFile::of(b"x"))),
            format!(r#"{{"file":{x}}}"#),
        ),
        (
            form(&withdrawal::PaymentSource::OneTransfer(SheetFile::of(b"x"))),
            format!(r#"{{"one_transfer":{x}}}"#),
        ),
        (form(&these), r#"{"these":["W-1"]}"#.to_owned()),
        (
            form(&rejection),
            r#"{"selection":{"these":["W-1"]},"reason":"no"}"#.to_owned(),
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn the_form_of_every_request_about_events_and_payments_is_fixed() {
    let date = parse_date("2026-01-31").unwrap();
    let value = nav::NewNav {
        project: "P".to_owned(),
        amount: Amount::parse("10").unwrap(),
        date,
    };
    let event_input = event::Input {
        code: None,
        project: "P".to_owned(),
        event_type: EventType::Revenue,
        title: "Rent".to_owned(),
        basis: event::BasisInput {
            amount: Some(Amount::parse("10").unwrap()),
            ..event::BasisInput::default()
        },
        date,
        record_date: None,
        description: None,
        unit: None,
        minimum: None,
        components: Vec::new(),
        tax_exempt: None,
    };
    let file_input = payment::file::Input {
        account: "OPS".to_owned(),
        withdrawals: Selection::AllOf("E".to_owned()),
        layout: Layout::Pain00109,
        execution_date: None,
    };
    let returns = payment::ReturnFile {
        file: SheetFile::of(b"ab"),
    };
    let hash = crate::domain::hash::sha256_hex(b"ab");
    assert_eq!(form(&returns), format!(r#"{{"file":"{hash}"}}"#));
    let returned = payment::Return {
        payment: "P-1".to_owned(),
        date,
        reason: "closed".to_owned(),
    };
    let approval = EventApproval {
        event: "E",
        hash: Some("ab"),
    };
    let cancellation = EventCancellation {
        event: "E",
        reason: "no",
    };
    let file_cancellation = FileCancellation {
        file: "F-1",
        reason: "no",
    };
    let cases = [
        (
            form(&value),
            r#"{"project":"P","amount":"10.0000000","date":"2026-01-31"}"#,
        ),
        (
            form(&event_input),
            r#"{"code":null,"project":"P","event_type":"revenue","title":"Rent","amount":"10.0000000","date":"2026-01-31","record_date":null,"description":null,"unit":null}"#,
        ),
        (
            form(&file_input),
            r#"{"account":"OPS","withdrawals":{"all_of":"E"},"layout":"pain.001.001.09","execution_date":null}"#,
        ),
        (
            form(&returned),
            r#"{"payment":"P-1","date":"2026-01-31","reason":"closed"}"#,
        ),
        (form(&EventCalculation { event: "E" }), r#"{"event":"E"}"#),
        (form(&approval), r#"{"event":"E","hash":"ab"}"#),
        (form(&cancellation), r#"{"event":"E","reason":"no"}"#),
        (form(&FileExport { file: "F-1" }), r#"{"file":"F-1"}"#),
        (
            form(&ProposalApproval {
                proposals: &["Q-1".to_owned()],
            }),
            r#"{"proposals":["Q-1"]}"#,
        ),
        (
            form(&ProposalRejection {
                proposals: &["Q-1".to_owned()],
                reason: "no",
            }),
            r#"{"proposals":["Q-1"],"reason":"no"}"#,
        ),
        (form(&file_cancellation), r#"{"file":"F-1","reason":"no"}"#),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn the_form_of_every_request_about_proceeds_is_fixed() {
    let amount = |text: &str| Amount::parse(text).unwrap();
    let change = event::Change {
        event: "E".to_owned(),
        basis: event::BasisInput {
            gross: Some(amount("10")),
            rate: Some(amount("0.04")),
            rounding: Some(Rounding::HalfUp),
            ..event::BasisInput::default()
        },
        components: Some(vec![
            event::ComponentInput {
                name: "income".to_owned(),
                given: ComponentTerm::Amount(amount("1")),
            },
            event::ComponentInput {
                name: "other:claim".to_owned(),
                given: ComponentTerm::Rest,
            },
        ]),
        ..event::Change::default()
    };
    let deduction = |step: event::DeductionStep| {
        form(&event::DeductionInput {
            event: "E".to_owned(),
            step,
        })
    };
    let added = event::DeductionStep::Add {
        kind: DeductionKind::Fee,
        name: "Fee".to_owned(),
        given: event::DeductionGiven::Percent(Percent::parse("2").unwrap(), DeductionBase::Gross),
        position: None,
    };
    let cases = [
        (
            form(&change),
            r#"{"event":"E","gross":"10.0000000","rate":"0.0400000","rounding":"half-up","components":[{"name":"income","given":{"amount":"1.0000000"}},{"name":"other:claim","given":"rest"}]}"#,
        ),
        (
            deduction(added),
            r#"{"event":"E","add":{"kind":"fee","name":"Fee","given":{"percent":["2.0000000","gross"]},"position":null}}"#,
        ),
        (
            deduction(event::DeductionStep::Remove("Fee".to_owned())),
            r#"{"event":"E","remove":"Fee"}"#,
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}
