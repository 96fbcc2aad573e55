// SPDX-License-Identifier: Apache-2.0
//! The fields of the index.

use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};

use crate::Outcome;

#[derive(Clone, Copy)]
pub struct Fields {
    pub id: Field,
    pub text: Field,
    pub filter: Field,
    /// A column, where documents have numbers.
    pub number: Option<Field>,
    /// The line number as a column. Segments come in no particular order, so this is what tells
    /// a hit's line. An unbroken sequence costs its encoding next to nothing.
    pub line: Field,
}

pub const LINE: &str = "line";
pub const NUMBER: &str = "number";

/// The id becomes a term only where documents are to be deleted by it; else it is just stored.
pub fn make(delete_by_id: bool, numbers: bool) -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let keyword = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let id_options = match delete_by_id {
        true => TextOptions::default().set_stored().set_indexing_options(keyword.clone()),
        false => TextOptions::default().set_stored(),
    };
    let ranked = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(true);
    let fields = Fields {
        id: builder.add_text_field("id", id_options),
        text: builder.add_text_field("text", TextOptions::default().set_indexing_options(ranked)),
        filter: builder
            .add_text_field("filter", TextOptions::default().set_indexing_options(keyword)),
        number: numbers
            .then(|| builder.add_i64_field(NUMBER, NumericOptions::default().set_fast())),
        line: builder.add_u64_field(LINE, NumericOptions::default().set_fast()),
    };
    (builder.build(), fields)
}

pub fn fields_of(schema: &Schema) -> Outcome<Fields> {
    Ok(Fields {
        id: schema.get_field("id")?,
        text: schema.get_field("text")?,
        filter: schema.get_field("filter")?,
        number: schema.get_field(NUMBER).ok(),
        line: schema.get_field(LINE)?,
    })
}
