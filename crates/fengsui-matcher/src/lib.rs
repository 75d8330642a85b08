#![doc = include_str!("../README.md")]

pub mod attention;
pub mod host;
pub mod index;
pub mod indicator;
pub mod kind;
mod lines;
pub mod list;
pub mod locator;
pub mod pattern;
pub mod record;
pub mod refang;
pub mod scan;
pub mod search;
pub mod tokens;
pub mod unreadable;
