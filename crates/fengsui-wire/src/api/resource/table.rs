//! Resources in a table: CSV as spreadsheet programs write it, with a header.
//!
//! Columns are known by their English or Chinese names, in any order; those that are not there say nothing.
//! Cells may be quoted and run over several lines, but only over [`MAX_ROW_LINES`]: one stray quote must not
//! swallow the rest of the file. When that limit is met, or a quote is never closed, the line with the quote
//! is rejected and the lines after it are read on their own.

use fengsui_domain::refusal::Refusal;
use fengsui_domain::resource::fold;

use super::{AmendResource, Quantity, RowReject};
use crate::api::{Expertise, ProblemCode, ResourceKind, Standing};

/// Lines of one row: a description of 6,000 characters in short lines.
const MAX_ROW_LINES: usize = 200;
/// Bytes read at once: most rows are shorter.
const READ_BYTES: usize = 1_024;
/// What parts the words of one cell.
const INNER: [char; 6] = [';', '；', '、', '|', '，', '\n'];

/// A row that could be read.
#[derive(Clone, PartialEq, Eq)]
pub struct ResourceRow {
    /// The line it began on, from 1.
    pub line: u64,
    /// What it says; kind, title and holder are said.
    pub words: AmendResource,
    /// Whether the resource can be had, if it says so.
    pub standing: Option<Standing>,
}

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Kind,
    Title,
    Description,
    Place,
    Count,
    Unit,
    Model,
    Rank,
    Fields,
    Categories,
    Keywords,
    Holder,
    Contact,
    Standing,
}

/// Every column with its names: the field's name in the API first.
const COLUMNS: [(Column, &str, &[&str]); 14] = [
    (Column::Kind, "kind", &["类型", "种类", "资源类型"]),
    (Column::Title, "title", &["名称", "标题"]),
    (Column::Description, "description", &["说明", "描述", "内容"]),
    (Column::Place, "place", &["地点", "存放地点"]),
    (Column::Count, "count", &["数量"]),
    (Column::Unit, "unit", &["单位", "计量单位"]),
    (Column::Model, "model", &["型号", "型号版本", "版本"]),
    (Column::Rank, "rank", &["级别"]),
    (Column::Fields, "fields", &["专业领域", "领域"]),
    (Column::Categories, "categories", &["事件类别", "适用事件类别"]),
    (Column::Keywords, "keywords", &["关键词"]),
    (Column::Holder, "holder", &["持有单位", "所属单位"]),
    (Column::Contact, "contact", &["联系人", "联系方式"]),
    (Column::Standing, "standing", &["状态"]),
];

/// Kinds by their Chinese names, beside the names of the API.
const KINDS: [(ResourceKind, &[&str]); 10] = [
    (ResourceKind::Expert, &["专家"]),
    (ResourceKind::Team, &["队伍", "应急队伍"]),
    (ResourceKind::Network, &["网络与通信资源", "网络资源", "通信资源"]),
    (ResourceKind::Computer, &["计算机", "服务器"]),
    (ResourceKind::NetworkDevice, &["网络设备"]),
    (ResourceKind::SecurityDevice, &["安全设备"]),
    (ResourceKind::Software, &["软件", "安全软件"]),
    (ResourceKind::Material, &["物资", "装备", "工具"]),
    (ResourceKind::Case, &["案例", "处置案例"]),
    (ResourceKind::Solution, &["解决方案", "方案"]),
];

/// Fields of expertise by their Chinese names.
const FIELDS: [(Expertise, &[&str]); 4] = [
    (Expertise::InformationSecurity, &["信息安全", "网络安全"]),
    (Expertise::Network, &["网络"]),
    (Expertise::InformationSystem, &["信息系统"]),
    (Expertise::Other, &["其他"]),
];

/// Standings by their Chinese names.
const STANDINGS: [(Standing, &[&str]); 3] = [
    (Standing::Available, &["可用", "在库"]),
    (Standing::InUse, &["使用中", "在用"]),
    (Standing::OutOfService, &["停用", "故障"]),
];

/// Reads a table, row by row in order of its lines.
///
/// # Errors
/// A sentence that says what is wrong and what would be right, if the header cannot be used.
pub fn read_resources(text: &str) -> Result<Vec<Result<ResourceRow, RowReject>>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = rows(text, delimiter(text)).into_iter();
    let header = match rows.next() {
        None => return Err("it is empty; its first line must name the columns".to_owned()),
        Some(Err(_)) => return Err("its first line has a quote that is not closed".to_owned()),
        Some(Ok((_, cells))) => columns(&cells)?,
    };
    Ok(rows.map(|row| row.and_then(|(line, cells)| resource(&header, line, &cells))).collect())
}

/// What parts the cells: the first of these in the first line that parts it.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    [b',', b'\t', b';'].into_iter().find(|sign| first.as_bytes().contains(sign)).unwrap_or(b',')
}

type Cells = (u64, Vec<String>);

/// The rows of a table; blank ones are left out.
///
/// Each is read out of a window of as many lines as a row may have, so that no quote makes the whole file be
/// looked through again and again: at most [`MAX_ROW_LINES`] times its size is.
fn rows(text: &str, delimiter: u8) -> Vec<Result<Cells, RowReject>> {
    let (mut rows, mut rest, mut line) = (Vec::new(), text, 1);
    loop {
        let begin = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        line += lines(&rest[..begin]);
        rest = &rest[begin..];
        if rest.is_empty() {
            return rows;
        }
        let window = rest.match_indices('\n').nth(MAX_ROW_LINES - 1).map_or(rest, |(at, _)| &rest[..=at]);
        let row = if let Some((cells, length)) = row(window, delimiter) {
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(Ok((line, cells)));
            }
            &rest[..length]
        } else {
            let detail = "it has a quote that is not closed; write a quote inside of a cell twice";
            rows.push(Err(reject(line, None, detail)));
            rest.split_inclusive('\n').next().unwrap_or(rest)
        };
        line += lines(row);
        rest = &rest[row.len()..];
    }
}

/// The cells of the first row of a window, and the bytes it takes there; `None` if a quote is not closed.
fn row(window: &str, delimiter: u8) -> Option<(Vec<String>, usize)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(window.len().clamp(1, READ_BYTES))
        .from_reader(window.as_bytes());
    let mut record = csv::StringRecord::new();
    // Of text in memory nothing can fail: it is UTF-8, and rows may have any number of cells.
    if !reader.read_record(&mut record).unwrap_or(false) {
        return None;
    }
    let length = usize::try_from(reader.position().byte()).map_or(window.len(), |at| at.min(window.len()));
    let row = &window[..length];
    // A quote amid a cell of one line is a character like others; one that runs on to the end is open.
    let is_odd = !row.matches('"').count().is_multiple_of(2);
    let runs_on = row.trim_end().contains('\n') || length == window.len();
    if is_odd && runs_on {
        return None;
    }
    Some((record.iter().map(|cell| cell.trim().replace("\r\n", "\n")).collect(), length))
}

/// Ends of lines in a text.
fn lines(text: &str) -> u64 {
    text.matches('\n').count() as u64
}

/// The columns of a header.
fn columns(cells: &[String]) -> Result<Vec<Column>, String> {
    let mut found = Vec::new();
    for cell in cells {
        let name = fold(cell).replace([' ', '-'], "_");
        let known = COLUMNS.iter().find(|(_, field, names)| *field == name || names.contains(&name.as_str()));
        let Some((column, field, _)) = known else {
            let names: Vec<&str> = COLUMNS.iter().map(|(_, field, _)| *field).collect();
            let shown: String = cell.chars().take(40).collect();
            return Err(format!(
                "it has the unknown column `{}`; known are {}",
                shown.escape_debug(),
                names.join(", ")
            ));
        };
        if found.contains(column) {
            return Err(format!("it has the column `{field}` twice"));
        }
        found.push(*column);
    }
    for (column, field, _) in COLUMNS {
        let needed = matches!(column, Column::Kind | Column::Title | Column::Holder);
        if needed && !found.contains(&column) {
            return Err(format!("it has no column `{field}`"));
        }
    }
    Ok(found)
}

/// What a row says.
fn resource(header: &[Column], line: u64, cells: &[String]) -> Result<ResourceRow, RowReject> {
    if cells.len() > header.len() {
        let detail = format!("it has {} cells, but there are {} columns", cells.len(), header.len());
        return Err(reject(line, None, &detail));
    }
    let (mut words, mut standing) = (AmendResource::default(), None);
    let (mut count, mut unit) = (None, String::new());
    for (column, cell) in header.iter().zip(cells.iter().map(String::as_str).chain(std::iter::repeat(""))) {
        let text = || Some(cell.to_owned());
        match column {
            Column::Kind => {
                words.kind = one(line, "kind", cell, KINDS, ResourceKind::as_str, ResourceKind::ALL)?;
            }
            Column::Title => words.title = text(),
            Column::Description => words.description = text(),
            Column::Place => words.place = text(),
            Column::Count => count = whole(line, cell)?,
            Column::Unit => cell.clone_into(&mut unit),
            Column::Model => words.model = text(),
            Column::Rank => words.rank = text(),
            Column::Fields => {
                let names = inner(cell)
                    .map(|name| one(line, "fields", name, FIELDS, Expertise::as_str, Expertise::ALL));
                words.fields = Some(names.filter_map(Result::transpose).collect::<Result<_, _>>()?);
            }
            Column::Categories => words.categories = Some(inner(cell).map(str::to_owned).collect()),
            Column::Keywords => words.keywords = Some(inner(cell).map(str::to_owned).collect()),
            Column::Holder => words.holder = text(),
            // An empty cell says nothing: lists have no contacts, and one that is imported again drops none.
            Column::Contact => words.contact = text().filter(|contact| !contact.is_empty()),
            Column::Standing => {
                standing = one(line, "standing", cell, STANDINGS, Standing::as_str, Standing::ALL)?;
            }
        }
    }
    words.quantity = count.map(|count| Quantity { count, unit });
    Ok(ResourceRow { line, words, standing })
}

fn inner(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(INNER).map(str::trim).filter(|word| !word.is_empty())
}

/// The member of a closed set that a cell names in either language; `None` if it is empty.
fn one<T: Copy, const N: usize>(
    line: u64,
    field: &'static str,
    cell: &str,
    chinese: [(T, &[&str]); N],
    name: fn(T) -> &'static str,
    all: &[T],
) -> Result<Option<T>, RowReject> {
    let word = fold(cell).replace([' ', '-'], "_");
    if word.is_empty() {
        return Ok(None);
    }
    let known = chinese.iter().find(|(value, names)| name(*value) == word || names.contains(&word.as_str()));
    let unknown = || {
        let shown: String = cell.chars().take(40).collect();
        let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
        let detail = format!("`{}` is not one of {}", shown.escape_debug(), names.join(", "));
        RowReject { line, code: ProblemCode::UnknownValue, field: Some(field.to_owned()), detail }
    };
    known.map(|(value, _)| Some(*value)).ok_or_else(unknown)
}

/// A whole number; `None` if the cell is empty.
fn whole(line: u64, cell: &str) -> Result<Option<u64>, RowReject> {
    let digits = fold(cell);
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().map(Some).map_err(|_| {
        let shown: String = cell.chars().take(40).collect();
        let detail = format!("`{}` is not a whole number", shown.escape_debug());
        RowReject { line, code: ProblemCode::UnknownValue, field: Some("count".to_owned()), detail }
    })
}

fn reject(line: u64, field: Option<&str>, detail: &str) -> RowReject {
    RowReject { line, code: ProblemCode::Invalid, field: field.map(str::to_owned), detail: detail.to_owned() }
}

impl RowReject {
    /// The row on `line`, left out because the core refuses what it says.
    pub fn refused(line: u64, refusal: &Refusal) -> Self {
        let code = ProblemCode::parse(refusal.code()).unwrap_or(ProblemCode::Invalid);
        Self { line, code, field: refusal.field().map(str::to_owned), detail: refusal.to_string() }
    }

    /// The row on `line`, left out because the one on line `first` says what the same resource is.
    pub fn twice(line: u64, first: u64) -> Self {
        let detail =
            format!("kind, title and holder are those of line {first}; give one of them another title");
        reject(line, Some("title"), &detail)
    }

    /// The row on `line`, left out because a file holds at most `max`.
    pub fn beyond(line: u64, max: usize) -> Self {
        let detail = format!("a file holds at most {max} rows; import the rest as another file");
        Self { line, code: ProblemCode::TooMany, field: None, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What became of each row: its line and title, or its line, code and field.
    fn read(text: &str) -> Vec<String> {
        let row = |row| match row {
            Ok(ResourceRow { line, words, .. }) => {
                format!(
                    "{line} {} {}",
                    words.kind.map_or("-", ResourceKind::as_str),
                    words.title.unwrap_or_default()
                )
            }
            Err(RowReject { line, code, field, .. }) => {
                format!("{line} {} {}", code.as_str(), field.unwrap_or_default())
            }
        };
        read_resources(text).expect("the header is good").into_iter().map(row).collect()
    }

    #[test]
    fn rows_are_read_whatever_parts_them() {
        for (text, found) in [
            ("kind,title,holder\nexpert,a,h\n", vec!["2 expert a"]),
            ("\u{feff}kind,title,holder\r\nexpert,a,h\r\n\r\nteam,b,h", vec!["2 expert a", "4 team b"]),
            ("类型\t名称\t持有单位\n专家\t病毒专家\t市局\n", vec!["2 expert 病毒专家"]),
            ("Kind;Title;Holder\nNetwork-Device;s;h\n", vec!["2 network_device s"]),
            (
                "title,holder,kind\n\"a, \"\"b\"\"\nc\",h,安全设备\nd,h,工具\n",
                vec!["2 security_device a, \"b\"\nc", "4 material d"],
            ),
            ("kind,title,holder\n,,\n  \ncase,x,h\n", vec!["4 case x"]),
            ("kind,title,holder\ncase,x\n", vec!["2 case x"]), // Cells at the end may be left out.
            ("kind,title,holder\n", vec![]),
            (
                "kind,title,holder\ncomputer,24\" screen,h\ncase,b,h\n",
                vec!["2 computer 24\" screen", "3 case b"],
            ),
        ] {
            assert_eq!(read(text), found, "{text:?}");
        }
    }

    #[test]
    fn a_broken_row_is_rejected_alone() {
        let long = format!("kind,title,holder\ncase,\"{}\",h\ncase,ok,h\n", "l\n".repeat(MAX_ROW_LINES));
        let found = read(&long);
        assert_eq!(found.first().map(String::as_str), Some("2 invalid "));
        assert_eq!(found.last().map(String::as_str), Some("203 case ok"));
        for (text, found) in [
            ("kind,title,holder\ncar,a,h\nexpert,b,h\n", vec!["2 unknown_value kind", "3 expert b"]),
            ("kind,title,holder\nexpert,a,h,more\nexpert,b,h\n", vec!["2 invalid ", "3 expert b"]),
            (
                "kind,title,holder\nexpert,\"a,h\nexpert,b,h\nteam,c,h\n",
                vec!["2 invalid ", "3 expert b", "4 team c"],
            ),
            ("kind,title,holder,fields\nexpert,a,h,信息安全；magic\n", vec!["2 unknown_value fields"]),
            (
                "kind,title,holder,count\ncomputer,a,h,-1\ncomputer,b,h,two\ncomputer,c,h,２\n",
                vec!["2 unknown_value count", "3 unknown_value count", "4 computer c"],
            ),
            (
                "kind,title,holder,standing\ncomputer,a,h,broken\ncomputer,b,h,\n",
                vec!["2 unknown_value standing", "3 computer b"],
            ),
        ] {
            assert_eq!(read(text), found, "{text:?}");
        }
    }

    #[test]
    fn every_column_is_read_in_both_languages() {
        let english = "kind,title,description,place,count,unit,model,rank,fields,categories,keywords,holder,contact,standing\n";
        let chinese =
            "类型,名称,说明,地点,数量,单位,型号,级别,专业领域,事件类别,关键词,持有单位,联系方式,状态\n";
        let row = "专家,t,d,p,3,人,m,市级,信息安全、network,a/b;c/d,勒索；病毒,h,张三 139,使用中\n";
        for header in [english, chinese] {
            let rows = read_resources(&format!("{header}{row}")).expect("the header is good");
            let [Ok(ResourceRow { line: 2, words, standing })] = &rows[..] else { panic!("{header}") };
            assert_eq!(words.kind, Some(ResourceKind::Expert));
            for (found, expected) in [
                (&words.title, "t"),
                (&words.description, "d"),
                (&words.place, "p"),
                (&words.model, "m"),
                (&words.rank, "市级"),
                (&words.holder, "h"),
                (&words.contact, "张三 139"),
            ] {
                assert_eq!(found.as_deref(), Some(expected));
            }
            assert_eq!(words.quantity, Some(Quantity { count: 3, unit: "人".into() }));
            assert_eq!(words.fields, Some(vec![Expertise::InformationSecurity, Expertise::Network]));
            assert_eq!(words.categories, Some(vec!["a/b".into(), "c/d".into()]));
            assert_eq!(words.keywords, Some(vec!["勒索".into(), "病毒".into()]));
            assert_eq!(*standing, Some(Standing::InUse));
        }
    }

    #[test]
    fn a_column_that_is_not_there_says_nothing() {
        let rows = read_resources("kind,title,holder,contact\ncase,t,h,\n").expect("the header is good");
        let Some(Ok(row)) = rows.first() else { panic!("one row") };
        assert!(row.words.place.is_none() && row.words.fields.is_none() && row.words.quantity.is_none());
        assert!(row.words.contact.is_none(), "an empty contact drops none");
        assert!(row.standing.is_none());
    }

    #[test]
    fn a_header_that_cannot_be_used_says_what_would_be_right() {
        for (text, says) in [
            ("", "it is empty"),
            ("\n\n", "it is empty"),
            ("kind,title\n", "it has no column `holder`"),
            ("kind,title,holder,phone\n", "it has the unknown column `phone`; known are kind, title,"),
            ("kind,title,holder,名称\n", "it has the column `title` twice"),
            ("kind,\"title,holder\n", "a quote that is not closed"),
        ] {
            let error = read_resources(text).err().unwrap_or_default();
            assert!(error.contains(says), "{text:?}: {error}");
        }
    }

    #[test]
    fn every_name_of_the_api_is_known() {
        for kind in ResourceKind::ALL {
            assert!(KINDS.iter().any(|(known, _)| known == kind), "{kind:?}");
        }
        for field in Expertise::ALL {
            assert!(FIELDS.iter().any(|(known, _)| known == field), "{field:?}");
        }
        for standing in Standing::ALL {
            assert!(STANDINGS.iter().any(|(known, _)| known == standing), "{standing:?}");
        }
    }
}
