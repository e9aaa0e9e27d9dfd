export const list = ['a', 'b']

export function start() {
    run('y')
}

export const last = 1
