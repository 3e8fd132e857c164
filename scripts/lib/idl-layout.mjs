// Bytes of IDL types as Borsh and `InitSpace` count them.

export const DISCRIMINATOR_BYTES = 8;
/** What an account holds to be exempt from rent: 3,480 lamports for two years of each byte, with 128 bytes on top. */
const LAMPORTS_PER_BYTE = 6_960;
const ACCOUNT_OVERHEAD_BYTES = 128;
const BYTES = {
    ...{ bool: 1, u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, f32: 4 },
    ...{ u64: 8, i64: 8, f64: 8, u128: 16, i128: 16, pubkey: 32 },
};

export const computeRent = (bytes) => (bytes + ACCOUNT_OVERHEAD_BYTES) * LAMPORTS_PER_BYTE;

export function findType(idl, name) {
    const found = idl.types.find((type) => type.name === name);
    if (!found) throw new Error(`the IDL of ${idl.metadata.name} has no type ${name}`);
    return found;
}

const sum = (sizes) =>
    sizes.reduce((total, { bytes, fixed }) => ({ bytes: total.bytes + bytes, fixed: total.fixed && fixed }), {
        bytes: 0,
        fixed: true,
    });

const fieldsSize = (idl, fields = []) => sum(fields.map((field) => sizeOf(idl, field.type ?? field)));

function definedSize(idl, { type }) {
    if (type.kind === 'struct') return fieldsSize(idl, type.fields);
    if (type.kind === 'type') return sizeOf(idl, type.alias);
    const variants = type.variants.map(({ fields }) => fieldsSize(idl, fields));
    const bytes = Math.max(0, ...variants.map((variant) => variant.bytes));
    return { bytes: 1 + bytes, fixed: variants.every((variant) => variant.fixed && variant.bytes === bytes) };
}

/** The bytes of a type, and whether every value takes as many; otherwise they are what the type says by itself. */
export function sizeOf(idl, type) {
    if (typeof type === 'string') {
        if (BYTES[type] !== undefined) return { bytes: BYTES[type], fixed: true };
        if (type === 'string' || type === 'bytes') return { bytes: 4, fixed: false };
        throw new Error(`no size is known of the IDL type ${type}`);
    }
    if (type.array) {
        const item = sizeOf(idl, type.array[0]);
        return { bytes: item.bytes * type.array[1], fixed: item.fixed };
    }
    if (type.vec) return { bytes: 4, fixed: false };
    if (type.option) return { bytes: 1 + sizeOf(idl, type.option).bytes, fixed: false };
    if (type.defined) return definedSize(idl, findType(idl, type.defined.name));
    throw new Error(`no size is known of the IDL type ${JSON.stringify(type)}`);
}

/** Offset and size of each field of an account; the offset is null after a field whose size varies. */
export function computeLayout(idl, account) {
    let offset = DISCRIMINATOR_BYTES;
    const fields = (findType(idl, account).type.fields ?? []).map((field, place) => {
        const { bytes, fixed } = sizeOf(idl, field.type ?? field);
        const row = {
            name: field.name ?? String(place),
            type: field.type ?? field,
            docs: field.docs,
            offset,
            bytes,
            fixed,
        };
        offset = offset === null || !fixed ? null : offset + bytes;
        return row;
    });
    const size = fieldsSize(idl, findType(idl, account).type.fields);
    return { fields, bytes: DISCRIMINATOR_BYTES + size.bytes, fixed: size.fixed };
}
