export const list = ['a', 'b']

export function start() {
    run('x')
}

export const last = 1
