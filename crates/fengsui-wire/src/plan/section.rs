//! The sections of a pack, each read from its node into the domain's type.
//!
//! Which file a section stands in is free; what stands in a section is said here, top to bottom.

pub(super) mod beside;
pub(super) mod clocks;
pub(super) mod closing;
pub(super) mod defaults;
pub(super) mod duties;
pub(super) mod evidence;
pub(super) mod grading;
pub(super) mod header;
pub(super) mod holidays;
pub(super) mod intake;
pub(super) mod orders;
pub(super) mod people;
pub(super) mod playbooks;
pub(super) mod response;
pub(super) mod warnings;
