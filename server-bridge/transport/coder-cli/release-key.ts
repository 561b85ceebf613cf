/**
 * The public key that signs releases of Coder's CLI, "Coder Release Signing Key <security@coder.com>": the primary key of
 * `release.key` in the repository coder/coder, whose fingerprint is 21C96B1CB950718874F64DBD6A5A671B5E40A3B9. Names and
 * signatures of the block say nothing that is used here, and are left out.
 */
export const coderReleaseKey = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mQINBGPG3pABEACyNm4IyNkFoALUsUx5Fy/34KTtPlQ1dMv3FCvWNQVlH3kjqWha
Ja8UndR63uAhuA1hjkNzWAOvU6rH0pAGOw1NRqFei/mWaMXmZh7JZMNnlNLwfejn
TNDN9lELV4RuqOIEwsAe/vgoPXc/rae/O/oN6PBzs3Bzpo4fdx1mbviTPgSZ2hsl
hFV13lf0Rgf+F0z3bxKyKkqGbjiiPdEMaL/H6m2Nb2CvRueuAJuTIIw0qGeYdIzr
Qjx/j++JEi1v6FZGllh8vEwZMFW6eJxJdxdmHoWr8MP/JOPM303zf810O/ALIqjl
T+Q+APYjGHk/InfxynPrvvgDCdv+2y0IjWCCWeU1u7xDPzhJOvc1Fkw6BPmHlvmo
BI56u4bhpWj165pgkeWeWByhSalsQyfCvQu1ERRdIcZdaivsRg+NRAuyQho+X00J
ncwTDkuGxlOAR0UGdvnh3ExISXv8xgNiEP+5MhY4ma2xYea4ya9/GfDkYMSEmcCn
h3FSb0FmUmF+dVHTsO1MrISTfv6SXr6LRlDJTgcnYZYi2kt8rngT8If5L3XLvCl6
lvZMyRoVHZ8IrS9dMYBdYr5j5pMPxlwsHnLQhg+y8DRvLkAWmZc19ZmJm1i+AnkU
BBk24HlEguDcey4OrZTjDOnkGiiFa2w7Oydqe0hR/9s3QPaD6kLJKRzmywARAQAB
-----END PGP PUBLIC KEY BLOCK-----
`
