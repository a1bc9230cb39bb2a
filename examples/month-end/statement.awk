# Fills in the template of the bank statement: what the bank could only know after it was given the payment file.
#
#   awk -v date=30-Jun-2026 -v yymmdd=260630 -f statement.awk payments.csv statement.csv.in
#
# The first file is `prorata payment file show F-000001 --format csv`. Its first three columns are codes, which hold neither
# commas nor quotes, so that they may be cut at commas. Amounts are added up in kobo, as whole numbers.

# Reads an amount as the bank writes it, `1,250.00`, into kobo.
function kobo(text) {
    gsub(/[,.]/, "", text)
    return text + 0
}

# Writes kobo as the bank does.
function written(amount,    whole, cents, grouped) {
    cents = sprintf("%02.0f", amount % 100)
    whole = sprintf("%.0f", (amount - amount % 100) / 100)
    grouped = ""
    while (length(whole) > 3) {
        grouped = "," substr(whole, length(whole) - 2) grouped
        whole = substr(whole, 1, length(whole) - 3)
    }
    return "\"" whole grouped "." cents "\""
}

# Takes the commas out of what is quoted, and the quotes, so that a row can be cut at commas.
function plain(row,    parts, count, at, text) {
    count = split(row, parts, "\"")
    text = ""
    for (at = 1; at <= count; at++) {
        if (at % 2 == 0) gsub(/,/, "", parts[at])
        text = text parts[at]
    }
    return text
}

FNR == NR {
    split($0, cell, ",")
    reference[cell[3]] = cell[2]
    next
}

/^Opening Balance:/ {
    split(plain($0), cell, ",")
    balance = kobo(cell[2])
}

{
    row = $0
    gsub(/@DATE@/, date, row)
    gsub(/@YYMMDD@/, yymmdd, row)
    while (match(row, /@REF:[^@]*@/)) {
        holder = substr(row, RSTART + 5, RLENGTH - 6)
        if (!(holder in reference)) {
            print "no payment to " holder " in the file" > "/dev/stderr"
            exit 1
        }
        row = substr(row, 1, RSTART - 1) reference[holder] substr(row, RSTART + RLENGTH)
    }
    if ($0 ~ /^@DATE@/) {
        split(plain($0), cell, ",")
        balance += kobo(cell[5]) - kobo(cell[4])
    }
    sub(/@BALANCE@/, written(balance), row)
    print row
}
